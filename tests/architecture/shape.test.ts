import { describe, expect, it } from 'vitest'
import { findingsFor } from './planted.ts'

describe('the shape of a file', () => {
  it('has five hundred lines at most', () => {
    expect(findingsFor({ 'nucleus/long.ts': 'x\n'.repeat(501), 'nucleus/full.ts': 'x\n'.repeat(500) })).toEqual([
      'nucleus/long.ts:0 has 501 lines, the limit is 500',
    ])
  })

  it('has no banners, in TypeScript or in shell', () => {
    const rule = '-'.repeat(8)
    expect(
      findingsFor({
        'modules/a/x.ts': `const a = 1\n// ${rule} helpers ${rule}\n/* ${'='.repeat(6)} */\n/**\n * | a | b |\n * |----|----|\n * person ──► gateway\n */`,
        'scripts/x.sh': `# ${'#'.repeat(10)}\necho`,
      }),
    ).toEqual([
      `modules/a/x.ts:2 a banner comment: ${rule} helpers ${rule}`,
      `modules/a/x.ts:3 a banner comment: ${'='.repeat(6)}`,
      `scripts/x.sh:1 a banner comment: ${'#'.repeat(10)}`,
    ])
  })

  it('has comments in lower case, names keep their spelling', () => {
    expect(
      findingsFor({
        'nucleus/x.ts': [
          '/**',
          ' * Returns the thing.',
          ' */',
          'const a = 1 // This is wrong',
          '// redis is right. The second sentence is not looked at',
          '// Redis keeps its name,',
          '// SQLite does as well, and so does',
          '// The Hague on a later line',
        ].join('\n'),
      }),
    ).toEqual(['nucleus/x.ts:2 a comment begins with “Returns”', 'nucleus/x.ts:4 a comment begins with “This”'])
  })
})

describe('committed text', () => {
  it('names no registry and no path of one machine', () => {
    const host = ['registry', 'npmjs', 'org'].join('.')
    const work = ['', 'work', 'main'].join('/')
    const home = ['', 'root', 'x'].join('/')
    expect(
      findingsFor({
        'package-lock.json': `{\n"resolved": "https://${host}/zod"\n}`,
        'docs/a.md': `see ${work} and ~${work}`,
        'scripts/a.sh': `cat ${home}`,
        'config/policies/a.yaml': `deny: ${home}`,
      }),
    ).toEqual([
      `docs/a.md:1 names a path of one machine, ${work.slice(0, 6)}`,
      `package-lock.json:2 names a registry's host, ${host}`,
      `scripts/a.sh:1 names a path of one machine, ${home.slice(0, 6)}`,
    ])
  })
})

describe('the page on dependencies', () => {
  it('has a row for each package, and for no other', () => {
    expect(
      findingsFor({
        'package.json': '{\n  "dependencies": {\n    "zod": "4",\n    "pino": "10"\n  }\n}',
        'docs/dependencies.md': '| package | for |\n|---|---|\n| `zod` | schemas, like `joi` |\n| `winston` | logs |',
      }),
    ).toEqual([
      'docs/dependencies.md:4 winston is not in package.json',
      'package.json:4 pino has no line in docs/dependencies.md',
    ])
  })
})
