#!/bin/sh
# The command line of this installation. Link to it from a folder in PATH: ln -s /Applications/Drydock.app/Contents/Resources/bin/drydock /usr/local/bin/drydock
set -eu
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
resources=$(cd "$(dirname "$self")/.." && pwd -P)
DRYDOCK_COMMAND=$resources/bin/drydock
DRYDOCK_PROGRAM_DIR=$(dirname "$resources")
export DRYDOCK_COMMAND DRYDOCK_PROGRAM_DIR
unset NODE_OPTIONS NODE_PATH
exec "$resources/node/bin/node" "$resources/app.asar.unpacked/out/main/cli.js" "$@"
