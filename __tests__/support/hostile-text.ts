import fc from 'fast-check'
import {anyText} from './any-text.ts'
import {shortRun} from './long-runs.ts'

/** Texts of one or more lines that try to be more than text to Markdown, HTML or XML. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '|',
        '`',
        '```',
        '<img src=x>',
        '</details>',
        '<!--',
        '<?x?>',
        ']]>',
        '&lt;',
        '&#38;',
        '**',
        '](x)',
        '~~~',
        '# ',
        '> ',
        '- ',
        '1. ',
        '@me',
        'https://x.y',
        '\n',
        '\n\n',
        '\\',
        '"',
        "'",
        '\x1b[31m',
        '\ud800',
        '\ufffe',
        '\0',
        '---'
      ),
      anyText(),
      shortRun
    )
  )
  .map(parts => `a${parts.join('')}`)
