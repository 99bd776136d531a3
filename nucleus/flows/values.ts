// values that a flow keeps: plain JSON of at most 1 MiB, where nothing is told from null.
import { flowErrors } from './errors.ts'

/** bytes of one kept value, input, message or result. */
export const maxValueBytes = 1024 * 1024

/** null for nothing at all. @throws FLOW_VALUE_NOT_PLAIN, FLOW_VALUE_TOO_LARGE */
export function packValue(what: string, value: unknown): string | null {
  if (value === undefined) return null
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (error) {
    throw flowErrors.FLOW_VALUE_NOT_PLAIN({ value: what, cause: error })
  }
  if (text === undefined) throw flowErrors.FLOW_VALUE_NOT_PLAIN({ value: what })
  const bytes = Buffer.byteLength(text)
  if (bytes > maxValueBytes) throw flowErrors.FLOW_VALUE_TOO_LARGE({ value: what, detail: `${bytes} bytes` })
  return text
}

/** the way back from {@link packValue}. */
export function unpackValue(text: string | null): unknown {
  return text === null ? undefined : (JSON.parse(text) as unknown)
}
