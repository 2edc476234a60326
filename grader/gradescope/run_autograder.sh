#!/usr/bin/env bash
# Written by goldgrad @VERSION@ for @ASSIGNMENT@. Marks /autograder/submission. There is a
# results.json afterwards whatever happens; it has no score unless the grader has given one.
umask 022
cd /autograder || exit 3
mkdir -p results
# Student code runs as another user, to whom none of this is open.
chmod go-w . results 2>/dev/null
chmod -R go-rwx source submission_metadata.json 2>/dev/null
cat >results/results.json <<'END'
@FALLBACK@END
export GOLDGRAD_HOME=/autograder/source
timeout --kill-after=5 @SECONDS@ /opt/goldgrad/bin/grade gradescope run
code=$?
case $code in
  0) ;;
  124 | 137) echo "goldgrad: the grader was stopped after @SECONDS@ s (exit code $code): no score was given" ;;
  126 | 127) echo "goldgrad: /opt/goldgrad/bin/grade is not there: did setup.sh fail?" ;;
  *) echo "goldgrad: the grader failed (exit code $code): no score was given" ;;
esac
exit $code
