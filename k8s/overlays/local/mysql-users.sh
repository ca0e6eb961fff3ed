# Makes MariaDB's users when its data is new; the image runs it. Gateways and workers get their rights from the schema job, as
# docs/credentials.md tells.
user() { printf "CREATE USER '%s'@'%%' IDENTIFIED BY '%s';\n" "$1" "$2"; }
{
  user seckill_gateway "$GATEWAY_PASSWORD"
  user seckill_worker "$WORKER_PASSWORD"
  user seckill_schema "$SCHEMA_PASSWORD"
  cat <<'SQL'
GRANT ALTER, CREATE, CREATE VIEW, DELETE, DROP, INDEX, INSERT, REFERENCES, SELECT, SHOW VIEW, UPDATE ON `seckill`.* TO 'seckill_schema'@'%' WITH GRANT OPTION;
SQL
} | docker_process_sql
