# Tells Redis its users, with the rights that docs/credentials.md has, and the passwords that its environment has. A file, not
# arguments, which whoever lists processes could read.
umask 077
user() { printf 'user %s on >%s %s\n' "$1" "$2" "$3"; }
{
  user default "$OWNER_PASSWORD" '~* &* +@all'
  user seckill_gateway "$GATEWAY_PASSWORD" '~seckill:{*}:* ~seckill:key:* &seckill:changes &seckill:orders &seckill:processes +fcall +fcall_ro +function|list +multi +exec +exists +hdel +hexists +hget +hlen +hmget +hscan +hset +publish +time +zadd +zcard +zcount +zmscore +zrange +zrangebyscore +zrem +zscore +set +subscribe'
  user seckill_worker "$WORKER_PASSWORD" '~seckill:{*}:* &seckill:changes &seckill:orders &seckill:processes +fcall +fcall_ro +function|list +multi +exec +exists +hdel +hexists +hget +hlen +hmget +hscan +hset +publish +time +zadd +zcard +zcount +zmscore +zrange +zrangebyscore +zrem +zscore +function|load +unlink'
  user seckill_schema "$SCHEMA_PASSWORD" '+function|list +function|load +function|delete'
} > /tmp/users.conf
