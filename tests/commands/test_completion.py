"""A shell that asks what a line may go on with gets an answer from the program itself."""

import os
import subprocess
import sys

import pytest


def asked(instruction: str, words: str = "", number: int = 0) -> str:
    env = os.environ | {
        "_CLINICREPORT_COMPLETE": instruction,
        "COMP_WORDS": words,
        "COMP_CWORD": str(number),
    }
    command = [sys.executable, "-m", "clinicreport"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize("shell", ["zsh", "fish"])  # bash is asked for its version first
def test_the_script_for_a_shell(shell):
    assert "_CLINICREPORT_COMPLETE" in asked(f"{shell}_source")


@pytest.mark.parametrize(
    ("words", "number", "wanted"),
    [("clinicreport re", 1, "report"), ("clinicreport check --fail-on w", 3, "warning")],
)
def test_commands_and_choices(words, number, wanted):
    assert f"plain,{wanted}" in asked("bash_complete", words, number).splitlines()
