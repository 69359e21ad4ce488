//! `agon completions`: what a shell needs to complete Agon's arguments.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::cli::arguments::Arguments;
use crate::cli::said::Said;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    agon completions bash > ~/.local/share/bash-completion/completions/agon\n  \
    agon completions zsh > \"${fpath[1]}/_agon\"\n  \
    agon completions fish > ~/.config/fish/completions/agon.fish")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Said {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "agon", &mut script);
        Said::new(String::from_utf8_lossy(&script))
    }
}
