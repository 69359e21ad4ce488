//! Many addresses at once, and each host as if by one reader.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use super::address;
use super::client::Client;
use super::verdict::Verdict;

/// Hosts that are asked at the same time.
const WORKERS: usize = 16;

/// Asks every one of `urls`; gives what became of each.
pub(super) fn ask_all(urls: &[&str]) -> BTreeMap<String, Verdict> {
    let mut by_host: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for url in urls {
        by_host.entry(address::host(url)).or_default().push(url);
    }
    let mut hosts: Vec<Vec<&str>> = by_host.into_values().collect();
    // The longest first, so that no host is left over when the others are done.
    hosts.sort_by_key(|urls| std::cmp::Reverse(urls.len()));
    let workers = WORKERS.min(hosts.len());
    let waiting = Mutex::new(VecDeque::from(hosts));
    let answers = Mutex::new(BTreeMap::new());
    let next = || waiting.lock().ok()?.pop_front();
    let work = || {
        while let Some(urls) = next() {
            let mut client = Client::new();
            for url in urls {
                let verdict = client.ask(url);
                if let Ok(mut answers) = answers.lock() {
                    answers.insert(url.to_owned(), verdict);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    answers.into_inner().unwrap_or_default()
}
