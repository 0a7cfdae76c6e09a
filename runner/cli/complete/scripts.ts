/**
 * What a shell runs when Tab is pressed: it asks the program that is on the line. Nothing of the line is evaluated. (`@bomb.sh/tab`, which
 * makes such scripts, completes no files, which most commands begin with, and needs bash-completion.)
 */

const bash = `# bash completion for grid
_grid() {
    local IFS=$'\\n' line last='' value cur words=()
    local -i i
    # Bash takes --grid=x for three words.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        if [[ \${COMP_WORDS[i]} == '=' && \${#words[@]} -gt 0 ]]; then
            words[\${#words[@]}-1]+='='
        elif ((i > 1)) && [[ \${COMP_WORDS[i-1]} == '=' && \${words[\${#words[@]}-1]} == *= ]]; then
            words[\${#words[@]}-1]+=\${COMP_WORDS[i]}
        else
            words+=("\${COMP_WORDS[i]}")
        fi
    done
    cur=\${words[\${#words[@]}-1]}
    COMPREPLY=()
    while IFS= read -r line; do
        [[ -n $last ]] && value=\${last%%$'\\t'*} && {
            # What stands before a '=' stays as it is.
            [[ $cur == --*=* ]] && value=\${value#*=}
            COMPREPLY+=("$(printf %q "$value")")
        }
        last=$line
    done < <("$1" complete -- "\${words[@]}" 2>/dev/null)
    if [[ $last != :files ]]; then
        compopt +o default -o nosort 2>/dev/null
    elif [[ $cur == --*=* ]]; then
        COMPREPLY=($(compgen -f -- "\${cur#*=}"))
    fi
}
complete -o default -F _grid grid
`;

const zsh = `#compdef grid
# zsh completion for grid
_grid() {
    local -a lines values
    local line
    lines=("\${(@f)$("\${(Q)words[1]}" complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
    if [[ $lines[-1] == :files ]]; then
        compset -P '--*='
        _files
        return
    fi
    for line in "\${(@)lines[1,-2]}"; do
        values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    done
    (( $#values )) && _describe -V grid values
}
if [[ "$funcstack[1]" == _grid ]]; then
    _grid
else
    compdef _grid grid
fi
`;

const fish = `# fish completion for grid
function __grid_complete
    set -l words (commandline -opc)
    set -l cur (commandline -ct)
    set -l lines ($words[1] complete -- $words[2..-1] "$cur" 2>/dev/null)
    if test "$lines[-1]" = :files
        # What stands before a '=' stays as it is.
        set -l parts (string match -r -- '^((?:--[^=]*=)?)(.*)$' "$cur")
        for path in (__fish_complete_path "$parts[3]")
            echo $parts[2]$path
        end
    else
        for line in $lines[1..-2]
            echo $line
        end
    end
end
complete -c grid -f -k -a '(__grid_complete)'
`;

export const shellScripts = { bash, zsh, fish };
