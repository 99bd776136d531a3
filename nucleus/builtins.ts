// functions of Node that a start takes from here. an ES import of node:crypto or node:util reads every export once, and some
// of those load what nobody asked for, such as all of WebCrypto: 4 ms of every start, in the nucleus and in osd.
const crypto = process.getBuiltinModule('node:crypto')
const util = process.getBuiltinModule('node:util')

export const { createHash, hash, randomBytes, randomFillSync, timingSafeEqual } = crypto
export const { getSystemErrorName, parseEnv, promisify } = util
