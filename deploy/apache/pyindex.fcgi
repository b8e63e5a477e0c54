#!/bin/sh
# Starts the responder for mod_fcgid, which gives it neither arguments nor an environment. Change what is marked.

PATH=/usr/local/bin:/usr/bin:/bin
export PATH
# change: FcgidMaxProcessesPerClass
PYINDEX_PROCESSES=16
export PYINDEX_PROCESSES

# change: program and configuration, in which `listen` is "inherited"
exec /usr/bin/pyindex-fcgi serve --config /etc/pyindex/config.toml
