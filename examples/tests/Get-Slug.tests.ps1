. "$PSScriptRoot/../scripts/Get-Slug.ps1"

$cases = @{'Hello World' = 'hello-world'; '  a  b ' = 'a-b'; 'ÄÖ & co.' = 'äö-co'}
foreach ($text in $cases.Keys) {
    $slug = Get-Slug -Text $text
    if ($slug -cne $cases[$text]) { throw "Get-Slug '$text': expected '$($cases[$text])', got '$slug'" }
    "ok: '$text' is '$slug'"
}
