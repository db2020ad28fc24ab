#!/bin/sh
# Starts Odoo with secrets from the environment or from files named by *_FILE (Docker secrets).
# There is no default password: a missing one stops the start with a sentence that says which.
set -eu

secret() {
    eval "value=\${$1:-}"
    eval "file=\${$1_FILE:-}"
    if [ -z "$value" ] && [ -n "$file" ]; then value=$(cat "$file"); fi
    if [ -z "$value" ]; then
        echo "Set $1 (or $1_FILE): there is no default." >&2
        exit 1
    fi
    printf '%s' "$value"
}

password=$(secret POSTGRES_PASSWORD)
if [ -z "${LIQUOR_KEY_FILE:-}" ] || [ ! -r "${LIQUOR_KEY_FILE:-/nonexistent}" ]; then
    echo "Set LIQUOR_KEY_FILE to a readable key file outside the database; without it no code and no private value can be read." >&2
    exit 1
fi
export PGPASSWORD="$password"
set -- --db_host="${POSTGRES_HOST:-database}" --db_port="${POSTGRES_PORT:-5432}" \
    --db_user="${POSTGRES_USER:-odoo}" --database="${POSTGRES_DB:-liquor}" --db-filter="^${POSTGRES_DB:-liquor}\$" "$@"

modules=liquor_scan
if ! psql -h "${POSTGRES_HOST:-database}" -p "${POSTGRES_PORT:-5432}" -U "${POSTGRES_USER:-odoo}" \
    -d "${POSTGRES_DB:-liquor}" -Atqc "SELECT 1 FROM ir_module_module WHERE name = '$modules' AND state = 'installed'" \
    2>/dev/null | grep -q 1; then
    odoo -c /etc/odoo/odoo.conf "$@" --load-language=zh_CN -i "$modules" --stop-after-init --no-http
fi
exec odoo -c /etc/odoo/odoo.conf "$@"
