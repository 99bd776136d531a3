// `{slot}` in a trace's arguments: alone it keeps the slot's type, inside a text it is written into it.
//   {path}          the slot            {when.at}        a field of it        {query??base}     the first that is there
//   {to|beside:from}   `to` in the folder of `from`      {from|into:to}   where `from` lies once it is in `to`
//   {mode|text}     as text

type Bindings = Readonly<Record<string, unknown>>

/** what an argument without a value becomes: it is left out. */
export const missing: unique symbol = Symbol('missing')

const place = /\{([a-z_]+(?:\.[a-z_]+)?(?:\?\?[a-z_]+(?:\.[a-z_]+)?)*)(?:\|([a-z]+)(?::([a-z_]+))?)?\}/

/** fills one template; gives {@link missing} where a lone slot has no value. */
export function fillText(template: string, bindings: Bindings): unknown {
  const whole = new RegExp(`^${place.source}$`).exec(template)
  if (whole) return valueOf(whole[1]!, whole[2], whole[3], bindings)
  return template.replace(
    new RegExp(place, 'g'),
    (_, names: string, filter: string | undefined, argument: string | undefined) => {
      const value = valueOf(names, filter, argument, bindings)
      return value === missing ? '' : Array.isArray(value) ? value.join(', ') : String(value)
    },
  )
}

function valueOf(names: string, filter: string | undefined, argument: string | undefined, bindings: Bindings): unknown {
  for (const name of names.split('??')) {
    const [slot, field] = name.split('.')
    const value = bindings[slot!]
    const part =
      field === undefined
        ? value
        : typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[field]
          : undefined
    if (part !== undefined)
      return filter === undefined
        ? part
        : applyFilter(part, filter, argument === undefined ? undefined : bindings[argument])
  }
  return missing
}

function applyFilter(value: unknown, filter: string, argument: unknown): unknown {
  switch (filter) {
    case 'text':
      return String(value)
    case 'beside': {
      const name = String(value)
      const folder = typeof argument === 'string' ? argument : ''
      return name.includes('/') || !folder.includes('/') ? name : `${folder.slice(0, folder.lastIndexOf('/'))}/${name}`
    }
    case 'into': {
      const to = typeof argument === 'string' ? argument : ''
      const paths = Array.isArray(value) ? value : [value]
      const moved = paths.map((path) =>
        /\.[A-Za-z0-9]{1,8}$/.test(to) ? to : `${to}/${String(path).split('/').at(-1)!}`,
      )
      return moved.length === 1 ? moved[0] : moved
    }
    default:
      return missing
  }
}
