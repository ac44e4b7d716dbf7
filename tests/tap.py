# SPDX-License-Identifier: MIT
"""
Read the Test Anything Protocol, in which the test programs of user/tests report.

    1..3
    ok 1 - fork returns 0 in the child
    not ok 2 - wait4 returns the child's pid # saw -10, expected 42
    ok 3 - huge pages # SKIP no memory for it

Lines that are none of these (the program's own words, kernel messages, the indented report of a
program that another one ran: subtests() has those) are passed over. A report is
good only if it has a plan and every test of the plan, once and passed; so a program that dies
half-way, or never starts, is a failure.
"""

import re
from dataclasses import dataclass, field

RESULT = re.compile(r"^(not )?ok\b(?: +(\d+))?(?: +-)?(?: +(.*))?$")
PLAN = re.compile(r"^1\.\.(\d+)(?: *# *(.*))?$")
BAIL_OUT = re.compile(r"^Bail out!\s*(.*)$")
SKIP = re.compile(r"#\s*SKIP\b\s*(.*)$", re.IGNORECASE)


@dataclass
class Test:
    number: int
    passed: bool
    name: str           # what the test promises
    note: str = ""      # what follows '#': what was seen and expected, or why it was skipped
    skipped: bool = False


@dataclass
class Report:
    tests: list = field(default_factory=list)
    planned: int = None         # None: there was no plan
    skip_all: str = None        # why the whole program was skipped
    bail_out: str = None

    @property
    def passed(self):
        return [t for t in self.tests if t.passed and not t.skipped]

    @property
    def skipped(self):
        return [t for t in self.tests if t.skipped]

    def problems(self):
        """All that is wrong, a line each; empty when the report is good."""
        out = [f"not ok {t.number} - {t.name}" + (f" # {t.note}" if t.note else "")
               for t in self.tests if not t.passed]
        if self.bail_out is not None:
            out.append(f"bailed out: {self.bail_out}")
        if self.planned is None:
            out.append("no plan (1..N): the program died early or is not a test")
            return out
        numbers = [t.number for t in self.tests]
        for n in sorted(set(numbers)):
            if numbers.count(n) > 1:
                out.append(f"test {n} was reported {numbers.count(n)} times")
            if not 1 <= n <= self.planned:
                out.append(f"test {n} is outside the plan 1..{self.planned}")
        absent = sorted(set(range(1, self.planned + 1)) - set(numbers))
        if absent:
            out.append(f"of the plan 1..{self.planned} these were not reported: "
                       + ", ".join(map(str, absent[:20])) + (", ..." if len(absent) > 20 else ""))
        return out

    def __str__(self):
        text = f"{len(self.passed)} passed"
        text += f", {len(self.skipped)} skipped" if self.skipped else ""
        text += f", skipped: {self.skip_all}" if self.skip_all else ""
        return text


def parse(text):
    """The Report in a program's output."""
    report = Report()
    for line in text.splitlines():
        line = line.rstrip()
        if m := RESULT.match(line):
            report.tests.append(parse_result(m, len(report.tests) + 1))
        elif m := PLAN.match(line):
            report.planned = int(m.group(1))
            if report.planned == 0:
                report.skip_all = m.group(2) or "no reason given"
        elif m := BAIL_OUT.match(line):
            report.bail_out = m.group(1)
    return report


def subtests(text):
    """The indented lines of a report: that of the program which the reporting one ran."""
    return "".join(line[4:] + "\n" for line in text.splitlines() if line.startswith("    "))


def parse_result(match, next_number):
    failed, number, rest = match.groups()
    rest = rest or ""
    skip = SKIP.search(rest)
    name, _, note = rest.partition(" #") if not skip else (rest[:skip.start()], "", skip.group(1))
    return Test(number=int(number) if number else next_number, passed=not failed,
                name=name.strip(), note=note.strip(), skipped=bool(skip) and not failed)


def check(text, what="test program"):
    """Raise AssertionError with everything that is wrong in the output, else return the Report."""
    report = parse(text)
    problems = report.problems()
    if problems:
        raise AssertionError(f"{what}: {len(problems)} problem(s)\n  " + "\n  ".join(problems)
                             + "\n--- its whole output ---\n" + text)
    return report
