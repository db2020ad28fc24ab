-- wrk script: sends the requests of a file (method, path, cookie, body; tab-separated), one after another.
local lines, position = {}, 0
local threads = {}

function setup(thread)
   table.insert(threads, thread)
end

function init(args)
   for line in io.lines(args[1]) do
      table.insert(lines, line)
   end
   drained = false
end

function request()
   position = position + 1
   if position > #lines then
      position = 1
      drained = true
   end
   local method, path, cookie, body = lines[position]:match("^(.-)\t(.-)\t(.-)\t(.*)$")
   local headers = { ["Connection"] = "keep-alive" }
   if cookie ~= "" then
      headers["Cookie"] = cookie
   end
   if body ~= "" then
      headers["Content-Type"] = "application/x-www-form-urlencoded"
   end
   return wrk.format(method, path, headers, body ~= "" and body or nil)
end

function done(summary, latency, requests)
   local errors, exhausted = summary.errors, false
   for _, thread in ipairs(threads) do
      exhausted = exhausted or thread:get("drained")
   end
   io.write(string.format(
      '{"answered": %d, "duration": %f, "failed": %d, "p50": %f, "p99": %f, "exhausted": %s}\n',
      summary.requests, summary.duration / 1e6,
      errors.status + errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, tostring(exhausted)))
end
