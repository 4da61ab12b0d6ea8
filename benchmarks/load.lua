-- For wrk: asks for the addresses of a file in turn, a line each with perhaps an ETag, and prints what came as JSON.
-- wrk … -s load.lua URL -- FILE

local requests, at = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, etag = line:match("^(%S+)%s*(.*)$")
    -- By hand: of two headers wrk writes any one first, otherwise in each process, and so asks for something new.
    local known = etag ~= "" and "If-None-Match: " .. etag .. "\r\n" or ""
    requests[#requests + 1] = "GET " .. path .. " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\n" .. known .. "\r\n"
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"slowest":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
