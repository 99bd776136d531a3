// the formats of settings: how each is read from text and what it accepts.
import type { Setting } from './schema.ts'

/** the format's name; a list of options is a `choice`. */
export type FormatName = Extract<Setting['format'], string> | 'choice'

/** what a format needs to know of the setting that it checks. */
export interface FormatBounds {
  readonly options?: readonly string[]
  readonly min?: number
  readonly max?: number
}

interface Format {
  /** turns text from a file or the environment into a value; what it cannot read it gives back for `check` to refuse. */
  readonly read: (text: string) => unknown
  /** what is wrong with a value, beginning with `must`, or undefined. */
  readonly check: (value: unknown, bounds: FormatBounds) => string | undefined
  /** a value that would do, for the remedy. */
  readonly example: string
}

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const sizeUnits: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
}

function readUnits(units: Readonly<Record<string, number>>): (text: string) => unknown {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
    if (match === null) return text
    const unit = match[2] === '' ? 1 : units[match[2]!.toLowerCase()]
    return unit === undefined ? text : Math.round(Number(match[1]) * unit)
  }
}

function readNumber(text: string): unknown {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text
}

function readBoolean(text: string): unknown {
  const word = text.trim().toLowerCase()
  if (['true', '1', 'yes', 'on'].includes(word)) return true
  if (['false', '0', 'no', 'off'].includes(word)) return false
  return text
}

const asText = (text: string): unknown => text

function boundedNumber(kind: string, isKind: (value: number) => boolean): Format['check'] {
  return (value, { min, max }) => {
    if (typeof value !== 'number' || !isKind(value)) return `must be ${kind}`
    if (min !== undefined && value < min) return `must be at least ${min}`
    if (max !== undefined && value > max) return `must be at most ${max}`
    return undefined
  }
}

const checkText: Format['check'] = (value) => {
  if (typeof value !== 'string') return 'must be text'
  return value.includes('\0') ? 'must not contain a zero byte' : undefined
}

const checkUrl: Format['check'] = (value) => {
  if (value === '') return undefined
  // `localhost:6379` is a valid URL of the scheme `localhost`, which nobody means.
  const isUrl = typeof value === 'string' && value.includes('://') && URL.canParse(value)
  return isUrl ? undefined : 'must be a URL with its scheme'
}

const isNotNegative = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

export const formats: Readonly<Record<FormatName, Format>> = {
  string: { read: asText, check: checkText, example: 'text' },
  path: { read: asText, check: checkText, example: '~/folder' },
  url: { read: asText, check: checkUrl, example: 'http://127.0.0.1:8001' },
  boolean: {
    read: readBoolean,
    check: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
    example: 'true',
  },
  duration: {
    read: readUnits(durationUnits),
    check: boundedNumber('a duration: milliseconds, or a number with ms, s, m, h or d', isNotNegative),
    example: '30s',
  },
  size: {
    read: readUnits(sizeUnits),
    check: boundedNumber('a size: bytes, or a number with kB, MB, GB, KiB, MiB or GiB', isNotNegative),
    example: '10MB',
  },
  port: {
    read: readNumber,
    check: (value) =>
      typeof value === 'number' && isNotNegative(value) && value <= 65_535
        ? undefined
        : 'must be a port, a whole number from 0 to 65535',
    example: '8000',
  },
  integer: { read: readNumber, check: boundedNumber('a whole number', Number.isSafeInteger), example: '3' },
  number: { read: readNumber, check: boundedNumber('a number', Number.isFinite), example: '0.5' },
  choice: {
    read: (text) => text.trim(),
    check: (value, { options = [] }) =>
      typeof value === 'string' && options.includes(value) ? undefined : `must be one of ${options.join(', ')}`,
    example: '',
  },
}

/** the name of a setting's format. */
export function formatName(setting: Setting): FormatName {
  return typeof setting.format === 'string' ? setting.format : 'choice'
}

/** what the format of a setting must know of it. */
export function formatBounds(setting: Setting): FormatBounds {
  return {
    ...(typeof setting.format === 'string' ? {} : { options: setting.format }),
    ...(setting.min === undefined ? {} : { min: setting.min }),
    ...(setting.max === undefined ? {} : { max: setting.max }),
  }
}

/** reads a raw value as its format wants it; anything but text is given back as it is. */
export function readValue(setting: Setting, raw: unknown): unknown {
  return typeof raw === 'string' ? formats[formatName(setting)].read(raw) : raw
}

/** what is wrong with a value, or undefined. */
export function checkValue(setting: Setting, value: unknown): string | undefined {
  return formats[formatName(setting)].check(value, formatBounds(setting))
}
