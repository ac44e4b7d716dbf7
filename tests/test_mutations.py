# SPDX-License-Identifier: MIT
"""
The lists of `make test-mutations`: that each entry still fits the source, and that no subject is left out.
Running them is that target's business: it takes long.
"""

import importlib.machinery
import importlib.util
import os
import re

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Of each at least two ways to break it.
SUBJECTS = ("spinlock", "rwlock", "seqlock", "refcount", "mutex", "rwsem", "semaphore", "completion",
            "wait queue", "wake-up", "RCU", "scheduler")


def load_script():
    path = os.path.join(TOP, "scripts", "test-mutations")
    loader = importlib.machinery.SourceFileLoader("test_mutations_script", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


script = load_script()
MUTATIONS = script.read_lists()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_mutation_fits_the_source(mutation):
    with open(os.path.join(TOP, mutation.file), encoding="utf-8") as f:
        text = f.read()
    assert mutation.apply(text) != text
    for name in mutation.objects:
        base = os.path.join(TOP, name[:-2])
        assert os.path.exists(base + ".c") or os.path.exists(base + ".S"), f"no source of {name}"


def test_suites_exist():
    suites = set()
    for folder, dirs, names in os.walk(TOP):
        dirs[:] = [d for d in dirs if d not in ("build", ".git")]
        for name in names:
            if name.startswith("test_") and name.endswith(".c"):
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    suites.update(re.findall(r'ktest_suite\("([\w-]+)"', f.read()))
    for m in MUTATIONS:
        assert set(m.suites.split(",")) <= suites, f"{m.name} runs {m.suites}; there are {suites}"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_primitive_is_broken_in_two_ways(subject):
    assert sum(m.subject == subject for m in MUTATIONS) >= 2
