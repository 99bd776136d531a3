// pieces of argument schemas that several actions share.
import { z } from 'zod'

/** a path as the person named it: relative to the working folder, absolute or `~/…`. */
export const pathArgument = z.string().min(1).max(4096)
/** text to write or to look for. */
export const textArgument = z.string().max(1024 * 1024)
/** text to look for; nothing is not something to look for. */
export const searchArgument = z.string().min(1).max(4096)
export const countArgument = z.int().min(1).max(1_000_000)
export const pathsArgument = z.array(pathArgument).min(1).max(1000)
