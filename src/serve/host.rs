//! Whether a request means this server: a page elsewhere whose name leads to this machine
//! (DNS rebinding) must not read drafts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The names under which the server may be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hosts {
    address: SocketAddr,
}

impl Hosts {
    /// Those of a server that listens at `address`.
    pub(crate) fn of(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Whether `authority`, the value of `Host`, is one of them. Whatever its port: a tunnel leads
    /// here from one of its own (`ssh -L 9000:localhost:1111`), and what keeps others out is the
    /// name.
    ///
    /// A server that listens at every address of the machine may be asked by any address:
    /// only names can be made to lead to where they should not.
    pub(crate) fn has(self, authority: &str) -> bool {
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
        is_port && (host.eq_ignore_ascii_case("localhost") || self.is_address(host))
    }

    fn is_address(self, host: &str) -> bool {
        let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let address: Option<IpAddr> = match inside {
            Some(host) => host.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
            None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
        };
        let own = self.address.ip();
        let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        address.is_some_and(|address| {
            own.is_unspecified() || address == own || loopback.contains(&address)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, host: &str, expected: bool) {
        let hosts = Hosts::of(address.parse().unwrap());
        assert_eq!(hosts.has(host), expected, "{host:?} at {address}");
    }

    #[test]
    fn only_its_own_names_are_answered() {
        for host in ["localhost", "LocalHost:1111", "127.0.0.1", "127.0.0.1:80", "[::1]:9000"] {
            check("127.0.0.1:1111", host, true);
        }
        for host in [
            "",
            ":",
            ":1111",
            "evil.example",
            "evil.example:1111",
            "localhost.evil.example",
            "localhost:",
            "localhost:65536",
            "localhost:a",
            "127.0.0.2",
            "192.168.0.7",
            "::1",
            "[::1",
            "user@localhost",
            "localhost:1111:1111",
            "localhost.",
        ] {
            check("127.0.0.1:1111", host, false);
        }
        check("192.168.0.7:1111", "192.168.0.7:1111", true);
        check("192.168.0.7:1111", "192.168.0.8:1111", false);
        check("0.0.0.0:1111", "192.168.0.8:1111", true);
        check("0.0.0.0:1111", "evil.example:1111", false);
    }
}
