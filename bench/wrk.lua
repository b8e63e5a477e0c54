-- Prints one line that bench/run reads: requests, microseconds, bytes, 99th percentile in microseconds, errors.
done = function(summary, latency, requests)
    local errors = summary.errors
    print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration, summary.bytes,
        latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
