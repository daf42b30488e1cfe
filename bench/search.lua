-- The search load for wrk: cycles through the requests of a file, one "METHOD path body" per line.
local requests = {}
local threads = 0

function setup(thread)
  thread:set("place", threads * 7919)
  threads = threads + 1
end

function init()
  local headers = { ["Content-Type"] = "application/json", ["X-API-Key"] = os.getenv("BENCH_KEY") }
  for line in io.lines(os.getenv("BENCH_REQUESTS")) do
    local method, path, body = line:match("^(%u+) (%S+) ?(.*)$")
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end

function request()
  place = place + 1
  return requests[place % #requests + 1]
end
