// what must happen at once in Redis, as Lua: each script is one atomic step, also in the append-only file.
import { createHash } from 'node:crypto'

export interface Script {
  readonly lua: string
  readonly sha: string
}

function script(lua: string): Script {
  return Object.freeze({ lua, sha: createHash('sha1').update(lua).digest('hex') })
}

/** entry ids are compared as two numbers: as text, `9` would be greater than `10`. */
const positions = `
local function parts(id)
  local ms, counter = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(counter)
end
local function newer(left, right)
  local leftMs, leftCounter = parts(left)
  local rightMs, rightCounter = parts(right)
  return leftMs > rightMs or (leftMs == rightMs and leftCounter > rightCounter)
end
local function text(ms, counter) return string.format('%.0f-%.0f', ms, counter) end
local function following(id)
  local ms, counter = parts(id)
  if counter >= 4095 then return text(ms + 1, 0) end
  return text(ms, counter + 1)
end
`

/**
 * appends a batch of one producer, whose ids ascend. what the producer has appended before is passed over; an id that
 * another producer was faster than is raised to the next free position. gives nothing, or the final entry ids.
 *
 * KEYS top, producer, types. ARGV prefix, channel, producer, seconds to keep the producer, tail of the last id, what
 * the producer has appended last if it knows (two batches are on their way at once: the second must not pass a first one that
 * failed), number of types, the types, then for each run of events of one type: number of the type, number of events, and of each its entry id and
 * body.
 */
export const appendScript = script(`${positions}
local prefix, types, first = ARGV[1] .. 'log:', tonumber(ARGV[7]), 8 + tonumber(ARGV[7])
local before = redis.call('GET', KEYS[2]) or '0-0'
if ARGV[6] ~= '' and ARGV[6] ~= before then return redis.error_reply('GAP the batch before this one is not there') end
-- where the streams end, as they say it themselves.
local function ends()
  local found = '0-0'
  for _, type in ipairs(redis.call('SMEMBERS', KEYS[3])) do
    local info = redis.pcall('XINFO', 'STREAM', prefix .. type)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' and newer(info[i + 1], found) then found = info[i + 1] end
    end
  end
  return found
end
local top = redis.call('GET', KEYS[1]) or ends()
local names = {}
for i = 1, types do names[i] = prefix .. ARGV[7 + i] end
local final, last, i, count = nil, ARGV[#ARGV - 1], first, 0
local isNew = newer(ARGV[first + 2], top)
while i <= #ARGV do
  local name, stop = names[tonumber(ARGV[i])], i + 2 * tonumber(ARGV[i + 1])
  for at = i + 2, stop, 2 do
    local id = ARGV[at]
    if isNew or newer(id, before) then
      if not isNew and not newer(id, top) then id = following(top) end
      local made = redis.pcall('XADD', name, id, 'e', ARGV[at + 1])
      if type(made) == 'table' and made.err then
        -- a server that died in the middle of a step can come back with a part of it, and without its end.
        local there = redis.call('XRANGE', name, ARGV[at], ARGV[at])[1]
        if not there or there[2][2] ~= ARGV[at + 1] then
          id = following(ends())
          redis.call('XADD', name, id, 'e', ARGV[at + 1])
        end
      end
      if not isNew or id ~= ARGV[at] or at + 1 == #ARGV then
        if newer(id, top) then top = id end
      end
    end
    count = count + 1
    if final then
      final[count] = id
    elseif id ~= ARGV[at] then
      final = {}
      local filled, run = 0, first
      while filled < count do
        for earlier = run + 2, run + 2 * tonumber(ARGV[run + 1]), 2 do
          if filled < count then
            filled = filled + 1
            final[filled] = ARGV[earlier]
          end
        end
        run = run + 2 * tonumber(ARGV[run + 1]) + 2
      end
      final[count] = id
    end
  end
  i = stop + 2
end
redis.call('SET', KEYS[1], top)
redis.call('SET', KEYS[2], last, 'EX', ARGV[4])
local news = {}
for i = 1, types do
  redis.call('SADD', KEYS[3], ARGV[7 + i])
  news[i] = ARGV[7 + i]
end
redis.call('PUBLISH', ARGV[2], 'appended ' .. ARGV[3] .. ' ' .. top .. ' ' .. ARGV[5] .. ' ' .. table.concat(news, ' '))
return final
`)

/**
 * makes a group, or finds it; notes a crash at what its consumer was handling when the process died.
 *
 * KEYS groups, top, pending. ARGV prefix, group, consumer, 'now' or 'beginning', '1' where a crash is looked for, concurrency,
 * types as JSON, then the types.
 */
export const joinScript = script(`
local prefix, group, consumer = ARGV[1], ARGV[2], ARGV[3]
local from = '0-0'
if ARGV[4] == 'now' then from = redis.call('GET', KEYS[2]) or '0-0' end
local known = redis.call('HGET', KEYS[1], group)
local streams = { prefix .. 'again:' .. group }
local wanted = {}
for i = 8, #ARGV do
  streams[#streams + 1] = prefix .. 'log:' .. ARGV[i]
  wanted[ARGV[i]] = true
end
for i, stream in ipairs(streams) do
  local start = from
  if i == 1 then start = '0-0' end
  local made = redis.pcall('XGROUP', 'CREATE', stream, group, start, 'MKSTREAM')
  if type(made) == 'table' and made.err and not string.find(made.err, 'BUSYGROUP') then return made end
end
if known then
  for _, type in ipairs(cjson.decode(known)) do
    if not wanted[type] then redis.pcall('XGROUP', 'DESTROY', prefix .. 'log:' .. type, group) end
  end
end
redis.call('HSET', KEYS[1], group, ARGV[7])
if ARGV[5] == '1' then
  local left = tonumber(ARGV[6])
  for _, stream in ipairs(streams) do
    if left > 0 then
      local own = redis.call('XPENDING', stream, group, '-', '+', left, consumer)
      for _, row in ipairs(own) do
        local field = row[1]
        if stream == streams[1] then field = 'again ' .. row[1] end
        local stored = redis.call('HGET', KEYS[3], field)
        local meta = stored and cjson.decode(stored) or { attempts = 0, crashes = 0, retryAtMs = 0 }
        meta.crashes = meta.crashes + 1
        redis.call('HSET', KEYS[3], field, cjson.encode(meta))
        left = left - 1
      end
    end
  end
end
return redis.status_reply('OK')
`)

/**
 * gives what a consumer has not settled to whoever asks next, and removes the consumer. KEYS the streams. ARGV group,
 * consumer, name of the one who holds what was left.
 */
export const leaveScript = script(`
for _, stream in ipairs(KEYS) do
  while true do
    local rows = redis.pcall('XPENDING', stream, ARGV[1], '-', '+', 500, ARGV[2])
    if rows.err or #rows == 0 then break end
    local ids = {}
    for i, row in ipairs(rows) do ids[i] = row[1] end
    local arguments = { 'XCLAIM', stream, ARGV[1], ARGV[3], 0, unpack(ids) }
    arguments[#arguments + 1] = 'JUSTID'
    redis.call(unpack(arguments))
  end
  redis.pcall('XGROUP', 'DELCONSUMER', stream, ARGV[1], ARGV[2])
end
return redis.status_reply('OK')
`)

/**
 * takes over what was left behind cleanly, and what a consumer holds that has not been heard of for too long: at the first
 * of the latter a crash is noted. gives the number of both.
 *
 * KEYS pending, then the streams, the group's own first. ARGV group, consumer, name of the one who holds what was left,
 * milliseconds, concurrency.
 */
export const claimScript = script(`
local taken, suspects = 0, tonumber(ARGV[5])
for i = 2, #KEYS do
  local stream = KEYS[i]
  local rows = redis.call('XPENDING', stream, ARGV[1], '-', '+', 500, ARGV[3])
  if #rows > 0 then
    local ids = {}
    for n, row in ipairs(rows) do ids[n] = row[1] end
    local arguments = { 'XCLAIM', stream, ARGV[1], ARGV[2], 0, unpack(ids) }
    arguments[#arguments + 1] = 'JUSTID'
    redis.call(unpack(arguments))
    taken = taken + #rows
  end
  local before = {}
  for _, row in ipairs(redis.call('XPENDING', stream, ARGV[1], 'IDLE', ARGV[4], '-', '+', 500)) do
    before[row[1]] = row[2]
  end
  if next(before) then
    local claimed = redis.call('XAUTOCLAIM', stream, ARGV[1], ARGV[2], ARGV[4], '0-0', 'COUNT', 500, 'JUSTID')
    for _, id in ipairs(claimed[2]) do
      if before[id] then
        taken = taken + 1
        -- what is our own and was not heard of is an answer that got lost: nobody died of it.
        if suspects > 0 and before[id] ~= ARGV[2] then
          suspects = suspects - 1
          local field = id
          if i == 2 then field = 'again ' .. id end
          local stored = redis.call('HGET', KEYS[1], field)
          local meta = stored and cjson.decode(stored) or { attempts = 0, crashes = 0, retryAtMs = 0 }
          meta.crashes = meta.crashes + 1
          redis.call('HSET', KEYS[1], field, cjson.encode(meta))
        end
      end
    end
  end
end
return taken
`)

/**
 * moves an entry to the dead letters. KEYS stream, pending, letters, order. ARGV group, entry id, field in pending, '1' where
 * the entry is to be removed, name of the letter, the letter, milliseconds, greatest number of letters.
 */
export const parkScript = script(`
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
if ARGV[4] == '1' then redis.call('XDEL', KEYS[1], ARGV[2]) end
redis.call('HDEL', KEYS[2], ARGV[3])
redis.call('HSET', KEYS[3], ARGV[5], ARGV[6])
redis.call('ZADD', KEYS[4], ARGV[7], ARGV[5])
local over = redis.call('ZCARD', KEYS[4]) - tonumber(ARGV[8])
if over > 0 then
  for _, name in ipairs(redis.call('ZRANGE', KEYS[4], 0, over - 1)) do redis.call('HDEL', KEYS[3], name) end
  redis.call('ZREMRANGEBYRANK', KEYS[4], 0, over - 1)
end
return 1
`)

/**
 * gives a dead letter to its group again, or only drops it. KEYS letters, order, the group's own stream. ARGV name of the
 * letter, '1' to give it again, channel, group.
 */
export const letterScript = script(`
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored then return 0 end
if ARGV[2] == '1' then
  local letter = cjson.decode(stored)
  redis.call('XADD', KEYS[3], '*', 'i', letter.entryId, 't', letter.type, 'e', letter.body)
  redis.call('PUBLISH', ARGV[3], 'again ' .. ARGV[4])
end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
`)

/**
 * gives a piece of a range to a group once more, as far as the group has been. KEYS the type's stream, the group's own stream.
 * ARGV group, type, after, until, number, channel. gives their number and the last one.
 */
export const replayScript = script(`${positions}
local until_ = ARGV[4]
for _, info in ipairs(redis.pcall('XINFO', 'GROUPS', KEYS[1])) do
  local row = {}
  for i = 1, #info, 2 do row[info[i]] = info[i + 1] end
  if row.name == ARGV[1] and (until_ == '+' or newer(until_, row['last-delivered-id'])) then
    until_ = row['last-delivered-id']
  end
end
if until_ == '+' then return { 0, ARGV[3] } end
local rows = redis.call('XRANGE', KEYS[1], '(' .. ARGV[3], until_, 'COUNT', ARGV[5])
local last = ARGV[3]
for _, row in ipairs(rows) do
  redis.call('XADD', KEYS[2], '*', 'i', row[1], 't', ARGV[2], 'e', row[2][2])
  last = row[1]
end
if #rows > 0 then redis.call('PUBLISH', ARGV[6], 'again ' .. ARGV[1]) end
return { #rows, last }
`)

/**
 * hands an event to one group only, once. KEYS the group's own stream, a set of what was handed over. ARGV entry id, type, body,
 * channel, group, seconds to remember it.
 */
export const handOverScript = script(`
if redis.call('SADD', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('EXPIRE', KEYS[2], ARGV[6])
local id = redis.call('XADD', KEYS[1], '*', 'i', ARGV[1], 't', ARGV[2], 'e', ARGV[3])
redis.call('PUBLISH', ARGV[4], 'again ' .. ARGV[5])
return id
`)

/**
 * drops a stream's entries before a position, but none that a group has not been given or not settled. KEYS the stream. ARGV the
 * first position that stays, '1' to only count, and from where. gives the number.
 */
export const trimScript = script(`${positions}
local floor = ARGV[1]
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
if groups.err then return 0 end
for _, info in ipairs(groups) do
  local row = {}
  for i = 1, #info, 2 do row[info[i]] = info[i + 1] end
  local ms, counter = parts(row['last-delivered-id'])
  local keeps = text(ms, counter + 1)
  if row.pending > 0 then keeps = redis.call('XPENDING', KEYS[1], row.name, '-', '+', 1)[1][1] end
  if newer(floor, keeps) then floor = keeps end
end
if ARGV[2] == '1' then
  if ARGV[3] ~= '-' and not newer(floor, ARGV[3]) then return 0 end
  return #redis.call('XRANGE', KEYS[1], ARGV[3], '(' .. floor)
end
return redis.call('XTRIM', KEYS[1], 'MINID', floor)
`)

/** forgets a group. KEYS groups, pending, its own stream, letters, order. ARGV prefix, group. */
export const dropGroupScript = script(`
local known = redis.call('HGET', KEYS[1], ARGV[2])
if not known then return 0 end
for _, type in ipairs(cjson.decode(known)) do redis.pcall('XGROUP', 'DESTROY', ARGV[1] .. 'log:' .. type, ARGV[2]) end
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('DEL', KEYS[2], KEYS[3])
local start = ARGV[2] .. '\\n'
for _, name in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
  if string.sub(name, 1, #start) == start then
    redis.call('HDEL', KEYS[4], name)
    redis.call('ZREM', KEYS[5], name)
  end
end
return 1
`)

/**
 * takes the mark of the one nucleus where it is free, ours, or that of the one that is to be replaced; gives nothing then, else
 * who holds it. KEYS mark. ARGV life, life to be replaced, milliseconds until it expires, place, folder, home.
 */
export const holdScript = script(`
local holder = redis.call('HGET', KEYS[1], 'life')
if holder and holder ~= ARGV[1] and holder ~= ARGV[2] then return redis.call('HGETALL', KEYS[1]) end
if holder ~= ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'life', ARGV[1], 'place', ARGV[4], 'folder', ARGV[5], 'home', ARGV[6])
end
redis.call('HINCRBY', KEYS[1], 'renewals', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return nil
`)

/** gives the mark back. KEYS mark. ARGV life. */
export const releaseScript = script(`
if redis.call('HGET', KEYS[1], 'life') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return nil
`)

/**
 * makes a nucleus the one that a group's events go to, or renews that; 0 where it is another. KEYS holder. ARGV consumer,
 * milliseconds until it expires.
 */
export const takeGroupScript = script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`)

/**
 * takes everything that the others of a group have in hand; at the first of what nobody left behind cleanly a crash is noted.
 *
 * KEYS pending, then the streams, the group's own first. ARGV group, consumer, name of the one who holds what was left,
 * concurrency.
 */
export const takeOverScript = script(`
local suspects = tonumber(ARGV[4])
for i = 2, #KEYS do
  local stream = KEYS[i]
  for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', stream, ARGV[1])) do
    local row = {}
    for n = 1, #info, 2 do row[info[n]] = info[n + 1] end
    while row.name ~= ARGV[2] do
      local rows = redis.call('XPENDING', stream, ARGV[1], '-', '+', 500, row.name)
      if #rows == 0 then break end
      local ids = {}
      for n, pending in ipairs(rows) do
        ids[n] = pending[1]
        if suspects > 0 and row.name ~= ARGV[3] then
          suspects = suspects - 1
          local field = ids[n]
          if i == 2 then field = 'again ' .. ids[n] end
          local stored = redis.call('HGET', KEYS[1], field)
          local meta = stored and cjson.decode(stored) or { attempts = 0, crashes = 0, retryAtMs = 0 }
          meta.crashes = meta.crashes + 1
          redis.call('HSET', KEYS[1], field, cjson.encode(meta))
        end
      end
      local arguments = { 'XCLAIM', stream, ARGV[1], ARGV[2], 0, unpack(ids) }
      arguments[#arguments + 1] = 'JUSTID'
      redis.call(unpack(arguments))
    end
  end
end
return redis.status_reply('OK')
`)

/** gives that back, and tells those who wait for it. KEYS holder. ARGV consumer, channel, group. */
export const giveGroupScript = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('PUBLISH', ARGV[2], 'free ' .. ARGV[3])
end
return nil
`)

const nowMs = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
`

/** writes what a nucleus tells of itself, with the time. KEYS nodes. ARGV id, text. */
export const tellNodeScript = script(`${nowMs}
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ' ' .. ARGV[2])
return nil
`)

/**
 * gives id, text and silence of each nucleus, and forgets those that were silent for too long. KEYS nodes. ARGV milliseconds, how
 * many at most.
 */
export const listNodesScript = script(`${nowMs}
local rows = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local at, text = string.match(all[i + 1], '^(%d+) (.*)$')
  if not at or now - tonumber(at) > tonumber(ARGV[1]) then
    redis.call('HDEL', KEYS[1], all[i])
  elseif #rows < tonumber(ARGV[2]) then
    rows[#rows + 1] = { all[i], text, string.format('%.0f', now - tonumber(at)) }
  end
end
return rows
`)

/** all of them are loaded with each connection. */
export const scripts: readonly Script[] = [
  appendScript,
  joinScript,
  leaveScript,
  claimScript,
  parkScript,
  letterScript,
  replayScript,
  handOverScript,
  trimScript,
  dropGroupScript,
  holdScript,
  releaseScript,
  takeGroupScript,
  takeOverScript,
  giveGroupScript,
  tellNodeScript,
  listNodesScript,
]
