// the files inside a page of the documentation: a line with nothing but a path in backticks and a colon, then a fence.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** path → content, in the order of the page. */
export function filesIn(page: string): ReadonlyMap<string, string> {
  const found = page.matchAll(/^`([\w./-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)
  return new Map(Array.from(found, ([, path, content]) => [path!, content!]))
}

/** writes the files below a folder. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}
