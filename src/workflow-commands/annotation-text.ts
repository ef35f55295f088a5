import type {TaskAnnotation} from './interpreter.ts'

const words = {error: 'Error', warning: 'Warning', notice: 'Notice'} as const

/** An annotation as text for the log: `Error: title: message (file:line:col)`. May have several lines. */
export function annotationText({type, message, properties}: TaskAnnotation): string {
  const place = ['file', 'line', 'col'].map(name => properties.get(name)).filter(part => part !== undefined)
  const isPlaced = properties.has('file')
  const title = properties.get('title')
  return `${words[type]}: ${title === undefined ? '' : `${title}: `}${message}${isPlaced ? ` (${place.join(':')})` : ''}`
}
