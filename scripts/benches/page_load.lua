-- wrk -s page_load.lua URL -- CODES SKIP RATE: each request another code and another device.
-- RATE 0 is as fast as it goes; otherwise so many milliseconds between requests of one connection, on average.
local codes, next_code, pause = {}, 0, 0

function init(args)
  math.randomseed(os.time() + tonumber(args[2]))
  local file = io.open(args[1])
  file:seek("set", tonumber(args[2]) * 21)
  for line in file:lines() do
    codes[#codes + 1] = line
    if #codes == 200000 then break end
  end
  file:close()
  pause = tonumber(args[3])
end

function delay()
  if pause == 0 then return 0 end
  return math.floor(-math.log(1 - math.random()) * pause + 0.5)
end

function request()
  next_code = next_code % #codes + 1
  return wrk.format("GET", "/c/" .. codes[next_code], {
    ["Cookie"] = string.format("device=%011d%011d", math.random(0, 99999999), math.random(0, 99999999)),
    ["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) Phone",
    ["Accept-Language"] = "zh-CN,zh;q=0.9",
  })
end
