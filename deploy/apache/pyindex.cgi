#!/bin/sh
# Answers one request by CGI. Change what is marked.

# change: the configuration, in which nothing of `listen` counts
PYINDEX_CONFIG=/etc/pyindex/config.toml
export PYINDEX_CONFIG

# change: the program
exec /usr/bin/pyindex-fcgi
