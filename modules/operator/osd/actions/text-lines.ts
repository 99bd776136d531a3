// the lines of a file without their endings, for what shows or counts them.
import type { Tree } from '../action.ts'
import { decodeText, maxEditBytes, splitLines } from './text-file.ts'

/** all lines of a file of at most 16 MiB, in any encoding that is recognised. */
export async function readAllLines(tree: Tree, path: string): Promise<string[]> {
  const content = await tree.read(path, { maxBytes: maxEditBytes })
  return splitLines(decodeText(content, path).text).map((line) => line.text)
}
