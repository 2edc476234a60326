#!/usr/bin/env bash
# Written by goldgrad @VERSION@ for @ASSIGNMENT@. Gradescope runs it once, as root, to make the image.
set -u
umask 022
export DEBIAN_FRONTEND=noninteractive
source=/autograder/source
home=/opt/goldgrad

say() { echo "goldgrad: $1"; }
fail() {
  say "setup failed: $1"
  say "what to do: $2"
  exit 1
}
install() { apt-get -q --yes --no-install-recommends install "$@"; }
usable() {
  command -v "$1" >/dev/null &&
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (@PYTHON_TUPLE@))' 2>/dev/null
}
found() {
  for python in python@HERE@ python3 python3.11 python3.12 python3.13 python3.14; do
    if usable "$python"; then return 0; fi
  done
  return 1
}

apt-get -q update || say "apt-get update failed; going on with the lists that are there"
if ! found; then
  install python3 python3-venv || say "python3-venv cannot be installed"
  # Where the system's Python is older, a newer one may lie beside it.
  for version in @HERE@ 3.12 3.11 3.13; do
    if found; then break; fi
    install "python$version" "python$version-venv" || say "there is no python$version"
  done
fi
found || fail "no Python @PYTHON@ with venv can be had" \
  "choose a newer Ubuntu as the base image, in Gradescope's Configure Autograder"

# Without it the wall is the kernel's own (tier "kernel"), which marks as well.
install bubblewrap || say "bubblewrap cannot be installed; student code is walled off without it"

"$python" -m venv --clear "$home" || fail "$python cannot make $home" "see the lines above"
export PIP_NO_CACHE_DIR=${PIP_NO_CACHE_DIR:-1} # it would stay in the image
"$home/bin/python" -m pip --disable-pip-version-check --no-input install --quiet \
  --requirement "$source/requirements.txt" "$source"/goldgrad-*.whl ||
  fail "pip cannot install what requirements.txt pins, with $("$python" --version 2>&1)" \
    "see pip's lines above: is its package index reachable, is there a wheel for this Python?"

# Hidden cases and the solution: student code runs as another user.
chmod -R go-rwx "$source" "$home"/lib/python3.*/site-packages/@SOLUTION@
export GOLDGRAD_HOME=$source
"$home/bin/grade" gradescope run --rehearse || fail "the grader does not start" "see the lines above"
