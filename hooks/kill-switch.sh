#!/bin/sh
# Refuses to go on while the kill switch is thrown. Needs nothing but sh:
#   hooks/kill-switch.sh && claude …        or, in a wrapper,        . hooks/kill-switch.sh
# Looks for .claude-stop in this directory, in every directory above it and in the home directory. Says why and ends
# with 1 when there is one, or when a place cannot be looked into; else silently with 0.

(
  halted() {
    echo "KILL SWITCH ACTIVE: $1" >&2
    # A FIFO would block, and control characters would reach the terminal.
    if [ -f "$1" ] && [ -r "$1" ]; then
      dd if="$1" bs=4096 count=1 2>/dev/null | LC_ALL=C tr -d '\000-\010\013-\037\177' >&2
    fi
    echo 'To go on, a person runs `blastguard resume`.' >&2
    exit 1
  }
  look() {
    if [ -e "${1%/}/.claude-stop" ] || [ -L "${1%/}/.claude-stop" ]; then halted "${1%/}/.claude-stop"; fi
    if [ -d "$1" ] && ! [ -x "$1" ]; then halted "$1 cannot be looked into"; fi
  }
  for dir in "$(pwd -L)" "$(pwd -P)"; do
    case $dir in /*) ;; *) halted 'the current directory cannot be read' ;; esac
    while [ -n "$dir" ]; do
      look "$dir"
      dir=${dir%/*}
    done
    look /
  done
  if [ -n "${HOME:-}" ]; then look "$HOME"; fi
) || return 1 2>/dev/null || exit 1
