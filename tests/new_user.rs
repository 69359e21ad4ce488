//! The path of somebody who has just installed Agon, with the commands of the README.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test runs the program in a real folder"
)]

mod common;

use std::path::Path;

use common::git::World;
use common::{Ran, TODAY};

fn run(folder: &Path, line: &str) -> Ran {
    // As a shell parts it: nothing here has other quotation marks.
    let mut arguments: Vec<&str> = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        if index % 2 == 1 {
            arguments.push(part);
        } else {
            arguments.extend(part.split_whitespace());
        }
    }
    assert_eq!(arguments.first(), Some(&"agon"));
    let mut command = common::agon(folder, arguments.get(1..).unwrap());
    command.env("SOURCE_DATE_EPOCH", TODAY).env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.env("GIT_CONFIG_COUNT", "1");
    command.env("GIT_CONFIG_KEY_0", "user.name").env("GIT_CONFIG_VALUE_0", "Jonas Abel");
    command.output().unwrap().into()
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from:?} is not in {text}");
    std::fs::write(file, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn from_an_empty_folder_to_pages_with_an_answer() {
    let world = World::empty(&[]);
    run(&world.at(""), "agon init site").check(0, "agon reply no-meeting-without-a-page", "");
    let site = world.site();

    let motion = "Should the city build a second tram line?";
    run(&site, &format!("agon new debate \"{motion}\" --author \"Ines Keller\"")).check(
        0,
        "content/should-the-city-build-a-second-tram-line.md\n",
        "",
    );
    let original = site.join("content/should-the-city-build-a-second-tram-line.md");
    edit(
        &original,
        "\n---\n\n",
        "\n---\n\nA tram carries two hundred people and one driver. Within twelve years the fares \
         have paid for the rails.\n\nBuses are cheaper to buy. They are not cheaper to run.\n",
    );

    let ran = run(&site, "agon reply should-the-city --to 1,2 --title \"Twelve years is long\"");
    ran.check(0, "content/twelve-years-is-long.md\n", "");
    let reply = site.join("content/twelve-years-is-long.md");
    run(&site, "agon check --strict").check(0, "4 quotes anchored", "note");
    edit(&reply, "rails.\n", "rails.\n\n**Disputed.** The last line took nineteen years.\n");
    edit(&reply, "cheaper to run.\n", "cheaper to run.\n\n**Conceded.** So they are not.\n");

    // A slip of the pen is found, with its place.
    edit(&reply, "twelve years", "twenty years");
    let ran = run(&site, "agon check");
    ran.check(1, "1 error", "error[misquotation]");
    assert!(ran.err.contains("content/twelve-years-is-long.md:9:"), "{ran:#?}");
    edit(&reply, "twenty years", "twelve years");
    run(&site, "agon check --strict").check(0, "4 quotes anchored", "note");

    run(&site, "agon list unanswered").check(0, "no-meeting-without-a-page.md\t", "");
    run(&site, "agon build").check(0, "4 articles in 2 debates", "note");
    let page = site.join("output/twelve-years-is-long/index.html");
    let html = std::fs::read_to_string(page).unwrap();
    let passage = html.find("<mark id=\"q-twelve-years-is-long-1\"").unwrap();
    let answer = html.rfind("The last line took nineteen years.").unwrap();
    assert!(passage < answer, "the passage is marked beside its answer");
    assert!(html.contains("Jonas Abel") && html.contains("Ines Keller"));

    world.commit("First debate");
    world.git(&["push", "-q", "-u", "origin", "main"]);
    world.run(&["deploy"]).check(0, "gh-pages", "note");
    let deployed = world.deployed("gh-pages");
    let page = deployed.get(Path::new("twelve-years-is-long/index.html")).unwrap();
    let page = String::from_utf8_lossy(page);
    let passage = page.find("<mark id=\"q-twelve-years-is-long-1\"").unwrap();
    let answer = page.rfind("The last line took nineteen years.").unwrap();
    assert!(passage < answer, "the deployed page shows the reply beside the original");
    assert!(deployed.contains_key(Path::new(".nojekyll")));
    assert!(deployed.contains_key(Path::new("404.html")));
}
