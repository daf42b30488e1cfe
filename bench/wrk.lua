-- The comparison with wrk: cycles through the same URLs as the application; each thread starts at another one.
local people = tonumber(os.getenv("BENCH_PEOPLE"))
local threads = 0

function setup(thread)
  thread:set("next_person", threads * 7919)
  threads = threads + 1
end

function request()
  next_person = (next_person + 1) % people
  return wrk.format("GET", "/people/p%3A" .. next_person .. "/functions")
end
