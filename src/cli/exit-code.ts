/** 0: all succeeded; 1: some failed; 2: nothing was run, because the list, an option or PowerShell is wrong; 130: interrupted. */
export type ExitCode = 0 | 1 | 2 | 130
