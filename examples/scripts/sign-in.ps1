# Stands for Connect-AzAccount and the like: what it writes to GITHUB_ENV holds for the script that makes a list, for all tasks, and for later steps.
'signed in, once for all tasks'
"ACCOUNT=reader-7" >> $env:GITHUB_ENV
