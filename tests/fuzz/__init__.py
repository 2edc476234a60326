"""Coverage-guided fuzzing of all that reads bytes from outside: one small target a file.

A target module has ``target(data)``, which raises whatever must not happen, ``seeds()``, good
inputs made of the fixtures, and may have ``WORDS``, pieces worth inserting, and ``MAX_BYTES``.
``python -m tests.fuzz wire --seconds 60`` runs one (see __main__.py). What was found once lies in
``found/``; tests/fuzz/test_targets.py runs every target over that and over its seeds, without
the fuzzer.
"""

TARGETS = ("wire", "channel", "zips", "sources", "notebooks", "reports", "names", "answers")
