-- Numbers as bytes and as text. Twin of MillisCodec: instants and durations are six bytes of milliseconds.
--
-- Offers: byte, sub, LATEST, packMillis, unpackMillis, decimal

local byte, sub = string.byte, string.sub
-- The latest instant that six bytes hold.
local LATEST = 281474976710655

local function packMillis(millis) return struct.pack('>I6', millis) end
local function unpackMillis(bytes, at) return (struct.unpack('>I6', bytes, at)) end
local function decimal(number) return string.format('%.0f', number) end
