// writes docs/reference/endpoints.md from the routes of the gateway, through their OpenAPI document; `--check` compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { buildDocs } from '../modules/gateway/docs/docs-app.ts'
import { docsSummaries } from '../modules/gateway/docs/routes.ts'
import { tags } from '../modules/gateway/routes/documented.ts'
import type { RouteParts } from '../modules/gateway/routes/parts.ts'
import { addRoutes } from '../modules/gateway/routes/routes.ts'
import { createApp } from '../modules/gateway/server/app.ts'
import { settings } from '../modules/gateway/settings.ts'

const command = 'node scripts/generate-endpoints-reference.ts'
const target = fileURLToPath(new URL('../docs/reference/endpoints.md', import.meta.url))

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

interface Operation {
  readonly tags: readonly string[]
  readonly summary: string
  readonly security?: readonly unknown[]
  readonly 'x-token-purposes'?: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** the routes as a document; no handler is called, so the services behind them are not needed. */
async function readRoutes(): Promise<OpenApi> {
  const limits = Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.default]))
  const docs = await buildDocs({
    version: 'any',
    createApp: () => createApp(limits as never, pino({ level: 'silent' })),
    addRoutes: (app) => addRoutes(app, { services: {} } as RouteParts),
  })
  return docs.document() as OpenApi
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return link(schema.$ref.replace('#/components/schemas/', ''))
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${String(one)}\``).join(', ')
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`
  if (schema.properties !== undefined) return `{ ${Object.entries(schema.properties).map(showField).join(', ')} }`
  if (schema.type === 'object') {
    const values = typeof schema.additionalProperties === 'object' ? typeOf(schema.additionalProperties) : 'anything'
    return `object of ${values}`
  }
  return [schema.type ?? 'anything'].flat().join(' or ').replace('string', 'text')
}

/** a field within a line: its type where that is a list or a shape of its own. */
function showField([name, field]: readonly [string, Schema]): string {
  const refers = field.$ref !== undefined || field.type === 'array'
  return refers ? `${name}: ${typeOf(field)}` : name
}

function link(name: string): string {
  return `[${name}](#${name.toLowerCase()})`
}

function cells(...values: string[]): string {
  return `| ${values.map((value) => value.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}

function fieldRows(schema: Schema, place?: string): string[] {
  return Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const needed = schema.required?.includes(name) === true ? 'yes' : ''
    const first = place === undefined ? [] : [place]
    return cells(...first, `\`${name}\``, typeOf(field), needed, field.description ?? '')
  })
}

function inputs({ parameters = [], requestBody }: Operation): string[] {
  const body = requestBody?.content?.['application/json']?.schema
  const object = body?.anyOf?.find(({ properties }) => properties !== undefined) ?? body
  const rows = [
    ...parameters.map((one) =>
      cells(
        one.in,
        `\`${one.name}\``,
        typeOf(one.schema),
        one.required === true ? 'yes' : '',
        one.description ?? one.schema.description ?? '',
      ),
    ),
    ...(object === undefined ? [] : fieldRows(object, 'body')),
  ]
  return rows.length === 0 ? [] : ['| in | name | type | needed | |', '|---|---|---|---|---|', ...rows, '']
}

function answers({ responses }: Operation): string[] {
  return Object.entries(responses)
    .filter(([status]) => /^[25]\d\d$/.test(status))
    .map(([status, { content = {} }]) => {
      const schema = Object.values(content)[0]?.schema
      return `- ${status}: ${schema === undefined ? 'no body' : typeOf(schema)}`
    })
}

function section(method: string, path: string, operation: Operation): string[] {
  const others = operation['x-token-purposes']?.filter((purpose) => purpose !== 'api') ?? []
  const also = others.length === 0 ? '' : ` Tokens of purpose ${others.join(' and ')} are taken too.`
  const access = operation.security?.length === 0 ? ' No token is needed.' : also
  return [
    `### ${method.toUpperCase()} ${path}`,
    '',
    `${operation.summary}${access}`,
    '',
    ...inputs(operation),
    ...answers(operation),
    '',
  ]
}

/** the text of docs/reference/endpoints.md. */
export async function renderEndpoints(): Promise<string> {
  const { paths, components } = await readRoutes()
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  const groups = Object.entries(tags).flatMap(([tag, description]) => [
    `## ${tag}`,
    '',
    description,
    '',
    ...operations
      .filter(({ operation }) => operation.tags.includes(tag))
      .flatMap(({ method, path, operation }) => section(method, path, operation)),
    ...(tag === 'system'
      ? Object.entries(docsSummaries).flatMap(([path, summary]) => [
          `### GET ${path}`,
          '',
          `${summary} No token is needed.`,
          '',
        ])
      : []),
  ])
  const shapes = Object.entries(components.schemas)
    .filter(([name]) => !name.endsWith('Input'))
    .flatMap(([name, schema]) => [
      `### ${name}`,
      '',
      '| field | type | always | |',
      '|---|---|---|---|',
      ...fieldRows(schema),
      '',
    ])
  return `# Endpoints of the HTTP interface

Generated by \`${command}\` from the routes in \`modules/gateway/routes/\`; a running LOTUS shows the same at \`/docs\`.

LOTUS listens on \`http://127.0.0.1:8000\` unless \`LOTUS_HTTP_HOST\` and \`LOTUS_HTTP_PORT\` say otherwise. Whatever is not marked
needs the header \`Authorization: Bearer TOKEN\`; \`cat ~/.lotus/token\` prints the token, and \`lotus token create\` makes others,
which for purposes other than \`api\` are taken only where that is said. Requests must be addressed to a host
that LOTUS answers for, and pages of other origins are refused. Bodies are JSON; names are snake_case, times RFC 3339, money
US dollars. GET endpoints take HEAD as well, \`/events\` excepted.

An error is \`{"error": {"code", "message", "fix", "retryable"}}\`: 400 the request is wrong (\`problems\` lists everything), 401 no
token, 403 not allowed, 404 not there, 405 wrong method, 409 not in this state, 413 too large, 415 not JSON, 421 addressed to
another host, 500 a fault of LOTUS, 503 not available now, 504 not in time.

\`\`\`sh
TOKEN=$(cat ~/.lotus/token)
curl -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
  -d '{"goal": "how much disk space is left?"}' http://127.0.0.1:8000/goals
\`\`\`

${groups.join('\n')}
## Shapes

${shapes.join('\n').trimEnd()}
`
}

if (import.meta.main) {
  const text = await renderEndpoints()
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text)
  } else if (readFileSync(target, 'utf8') !== text) {
    console.error(`docs/reference/endpoints.md does not say what the routes say: run ${command}`)
    process.exitCode = 1
  }
}
