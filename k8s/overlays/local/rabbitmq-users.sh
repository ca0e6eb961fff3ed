# Tells RabbitMQ its users, with the rights that docs/credentials.md has, and the passwords that its environment has: RabbitMQ
# reads the file at each start.
umask 077
user() { printf '{"name":"%s","password":"%s","tags":"%s"}' "$1" "$2" "$3"; }
may() { printf '{"user":"%s","vhost":"/","configure":"%s","write":"%s","read":"%s"}' "$1" "$2" "$3" "$4"; }
{
  printf '{"vhosts":[{"name":"/"}],"users":['
  user seckill "$OWNER_PASSWORD" administrator
  printf , && user seckill_gateway "$GATEWAY_PASSWORD" ''
  printf , && user seckill_worker "$WORKER_PASSWORD" ''
  printf , && user seckill_schema "$SCHEMA_PASSWORD" ''
  printf '],"permissions":['
  may seckill '.*' '.*' '.*'
  printf , && may seckill_gateway '^$' \
    '^(seckill\\.orders|seckill\\.nowhere)$' \
    '^$'
  printf , && may seckill_worker '^(seckill\\.orders|seckill\\.orders\\.unrouted|seckill\\.dead|seckill\\.due|seckill\\.events|seckill\\.nowhere|seckill\\.unpaid\\.[0-9]+s|amq\\.gen.*)$' \
    '^(seckill\\.orders|seckill\\.orders\\.unrouted|seckill\\.dead|seckill\\.due|seckill\\.events|seckill\\.nowhere|amq\\.default)$' \
    '^(seckill\\.orders|seckill\\.orders\\.unrouted|seckill\\.dead|seckill\\.due|seckill\\.events|seckill\\.nowhere|seckill\\.unpaid\\.[0-9]+s|amq\\.gen.*)$'
  printf , && may seckill_schema '^(seckill\\.orders|seckill\\.orders\\.unrouted|seckill\\.dead|seckill\\.due|seckill\\.events|seckill\\.nowhere)$' \
    '^(seckill\\.orders|seckill\\.orders\\.unrouted|seckill\\.dead|seckill\\.due|seckill\\.events|seckill\\.nowhere)$' \
    '^(seckill\\.orders|seckill\\.orders\\.unrouted|seckill\\.dead|seckill\\.due|seckill\\.events|seckill\\.nowhere)$'
  printf ']}'
} > /tmp/definitions.json
