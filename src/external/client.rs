//! One address: asked, asked again, and followed to where it leads.

use std::io;
use std::time::{Duration, Instant};

use ureq::{Agent, Error};

use super::address::joined;
use super::verdict::Verdict;

/// What other sites see of us.
const USER_AGENT: &str =
    concat!("agon/", env!("CARGO_PKG_VERSION"), " (", env!("CARGO_PKG_REPOSITORY"), ")");

/// Between two requests of one host, so that a site with many links to it is no attack.
const HOST_DELAY: Duration = Duration::from_millis(250);

/// How long an answer may take: slow hosts need some seconds, and a reader leaves before this.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How often an address is asked that does not answer, or answers that its server has failed.
const TRIES: u32 = 3;

/// The wait before the second try; it doubles with each.
const BACKOFF: Duration = Duration::from_millis(500);

/// Redirects that are followed, as many as browsers do (Fetch standard, "HTTP-redirect fetch").
const MAX_REDIRECTS: usize = 20;

/// Asks one host.
pub(super) struct Client {
    agent: Agent,
    timeout: Duration,
    last: Option<Instant>,
}

/// Which request is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Head,
    Get,
}

struct Answer {
    status: u16,
    location: Option<String>,
}

impl Client {
    /// A client with the proxy that the environment names.
    pub(super) fn new() -> Self {
        Self::with_timeout(TIMEOUT)
    }

    fn with_timeout(timeout: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(USER_AGENT)
            .timeout_connect(Some(CONNECT_TIMEOUT.min(timeout)))
            .timeout_global(Some(timeout));
        Self { agent: config.build().new_agent(), timeout, last: None }
    }

    /// What becomes of `url`.
    pub(super) fn ask(&mut self, url: &str) -> Verdict {
        if url.parse::<ureq::http::Uri>().is_err() {
            let why = "no request can be made of it (a host of other letters is written `xn--…`)";
            return Verdict::Unverified(why.to_owned());
        }
        let mut here = url.to_owned();
        let mut moved = None;
        let mut for_good = true;
        for _ in 0..=MAX_REDIRECTS {
            let answer = match self.answer(&here) {
                Ok(answer) => answer,
                Err(error) if is_of_certificate(&error) => {
                    return Verdict::Unverified(error.to_string());
                }
                Err(error) => return Verdict::Dead(self.why(&error)),
            };
            let leads = answer.location.as_deref().map(|location| joined(&here, location));
            match (answer.status, leads) {
                (300..=399, Some(Some(to))) => {
                    for_good &= matches!(answer.status, 301 | 308);
                    if for_good {
                        moved = Some(to.clone());
                    }
                    here = to;
                }
                (300..=399, Some(None)) => {
                    return Verdict::Dead("it redirects to what is no address".to_owned());
                }
                (status, _) => return judged(status, moved),
            }
        }
        Verdict::Dead(format!("it redirects more than {MAX_REDIRECTS} times"))
    }

    /// The answer of `url`, after as many tries as it needs.
    fn answer(&mut self, url: &str) -> Result<Answer, Error> {
        let mut wait = BACKOFF;
        let mut last = self.once(url);
        for _ in 1..TRIES {
            match &last {
                Ok(answer) if answer.status < 500 || answer.status == 999 => break,
                Err(error) if is_of_certificate(error) => break,
                _ => {}
            }
            std::thread::sleep(wait);
            wait *= 2;
            last = self.once(url);
        }
        last
    }

    /// One try: HEAD, and GET where that is refused, as many servers do that know only GET.
    fn once(&mut self, url: &str) -> Result<Answer, Error> {
        let answer = self.request(Method::Head, url);
        match &answer {
            // To ask these again at once would make it worse.
            Ok(answer) if answer.status < 400 || matches!(answer.status, 429 | 999) => {}
            Err(Error::HostNotFound | Error::Timeout(_) | Error::ConnectionFailed) => {}
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {}
            Err(error) if is_of_certificate(error) => {}
            _ => return self.request(Method::Get, url),
        }
        answer
    }

    fn request(&mut self, method: Method, url: &str) -> Result<Answer, Error> {
        if let Some(last) = self.last {
            std::thread::sleep(HOST_DELAY.saturating_sub(last.elapsed()));
        }
        let request = match method {
            Method::Head => self.agent.head(url),
            Method::Get => self.agent.get(url),
        };
        let response = request.header("accept", "*/*").call();
        self.last = Some(Instant::now());
        let response = response?;
        let location = response.headers().get("location").map(|value| {
            // A header may hold bytes beyond ASCII, which stand for UTF-8 as browsers read them.
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        });
        Ok(Answer { status: response.status().as_u16(), location })
    }

    fn why(&self, error: &Error) -> String {
        let why = match error {
            Error::HostNotFound => return "there is no such host".to_owned(),
            Error::Timeout(_) => {
                format!("it does not answer within {} seconds", self.timeout.as_secs())
            }
            Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                "the connection is refused".to_owned()
            }
            error => error.to_string(),
        };
        format!("{why} ({TRIES} tries)")
    }
}

/// Whether a host answers with a certificate that we do not accept. Browsers accept some of them:
/// they fetch those between it and a root, and know roots of their owner's.
fn is_of_certificate(error: &Error) -> bool {
    error.to_string().contains("invalid peer certificate")
}

/// What a final answer says.
fn judged(status: u16, moved: Option<String>) -> Verdict {
    match status {
        200..=399 => moved.map_or(Verdict::Alive, Verdict::Moved),
        // It is there, for others: robots are turned away (403, 429, LinkedIn's 999), a
        // password is asked for (401, 407), the law of our country forbids it (451).
        401 | 403 | 407 | 429 | 451 | 999 => Verdict::Unverified(format!("it answers {status}")),
        500.. => Verdict::Dead(format!("its server fails with {status} ({TRIES} tries)")),
        status => Verdict::Dead(format!("it answers {status}")),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_host_that_says_nothing_is_waited_for_and_no_longer() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let start = Instant::now();
        let mut client = Client::with_timeout(Duration::from_secs(1));
        let verdict = client.ask(&url);
        let why = "it does not answer within 1 seconds (3 tries)".to_owned();
        assert_eq!(verdict, Verdict::Dead(why));
        assert!(start.elapsed() < Duration::from_secs(15));
    }

    #[test]
    fn a_host_that_no_request_can_name_is_unverified() {
        let verdict = Client::new().ask("https://münchen.example/");
        assert!(matches!(verdict, Verdict::Unverified(_)), "{verdict:?}");
    }

    #[test]
    fn a_certificate_is_no_proof_of_a_dead_link() {
        let of = |text: &str| is_of_certificate(&Error::Io(io::Error::other(text.to_owned())));
        assert!(of("invalid peer certificate: UnknownIssuer"));
        assert!(!of("connection reset"));
    }

    #[test]
    fn what_says_nothing_of_the_page_is_not_held_against_it() {
        for status in [401, 403, 429, 451, 999] {
            assert!(matches!(judged(status, None), Verdict::Unverified(_)), "{status}");
        }
        for status in [400, 404, 410, 500, 503] {
            assert!(matches!(judged(status, None), Verdict::Dead(_)), "{status}");
        }
        assert_eq!(judged(200, None), Verdict::Alive);
        assert_eq!(judged(204, Some("x".to_owned())), Verdict::Moved("x".to_owned()));
    }
}
