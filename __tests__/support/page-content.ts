import {inflateRawSync} from 'node:zlib'
import type {PageData} from '../../src/pages/page-data.ts'

/** What a page holds: its data, and its logs. */
export function contentOf(html: string): {readonly data: PageData; readonly logs: readonly string[]} {
  const parts = new Map(
    [...html.matchAll(/<script type="application\/octet-stream" id="([\w-]+)">([\w+/=]*)<\/script>/g)].map(([, id, text]) => [id, text])
  )
  const bytes = (id: string) => inflateRawSync(Buffer.from(parts.get(id) ?? '', 'base64'))
  const data: PageData = JSON.parse(bytes('data').toString())
  return {
    data,
    logs: data.logs.map(({block, offset, length}) =>
      bytes(`log-${block}`)
        .subarray(offset, offset + length)
        .toString()
    )
  }
}
