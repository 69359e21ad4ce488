//! The program `agon`: passes its arguments to [`agon::cli::run`].

use std::process::ExitCode;

/// Holding the HTML of a whole site costs a third as much as with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    agon::cli::run(std::env::args_os())
}
