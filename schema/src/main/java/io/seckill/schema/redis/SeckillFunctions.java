package io.seckill.schema.redis;

import io.seckill.schema.message.Lot;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The typed face of {@code seckill.lua}. One instance per connection holder; calls come from that holder's event loop and
 * complete there. A failed Future means that the outcome is not known (timeout, connection lost) or that Redis refused
 * the whole call; a decision is always a value.
 */
public final class SeckillFunctions {
    /** The channel on which a sale's key is published when what it has left, or whether it sells, changed. */
    public static final String CHANGES = "seckill:changes";

    private final RedisLink redis;
    private final FunctionLibrary library;

    public SeckillFunctions(RedisLink redis) {
        this(redis, FunctionLibrary.shipped());
    }

    SeckillFunctions(RedisLink redis, FunctionLibrary library) {
        this.redis = redis;
        this.library = library;
    }

    /** One purchase of a batch. */
    public interface Purchase {
        String userId();

        int quantity();
    }

    /**
     * Decides a batch of purchases of one sale in one atomic step, and forgets lots that were confirmed since.
     *
     * @param leaseMs how long the caller alone may publish the accepted lot; a relay takes over after that
     */
    public Future<ReserveReply> reserve(
            SaleKeys keys, int epoch, int leaseMs, List<String> confirmed, List<? extends Purchase> purchases) {
        Request call = call(Command.FCALL, "reserve", keys).arg(epoch).arg(leaseMs);
        call.arg(confirmed.size());
        for (String lot : confirmed) {
            call.arg(lot);
        }
        for (Purchase purchase : purchases) {
            call.arg(purchase.userId()).arg(purchase.quantity());
        }
        return redis.send(call).map(SeckillFunctions::reserveReply);
    }

    /** What {@link #load} found. */
    public enum Loaded {
        LOADED,
        EXISTS,
        /** Keys of an unknown past are there: nothing was overwritten. */
        LEFTOVER
    }

    /** Puts a sale on sale, once; see the Lua for who may call it. Times in ms since 1970. */
    public Future<Loaded> load(
            SaleKeys keys,
            int epoch,
            int stock,
            long startsMs,
            long endsMs,
            int maxPerUser,
            int paymentWindowSeconds,
            int version) {
        return redis.send(call(Command.FCALL, "load", keys)
                        .arg(epoch)
                        .arg(stock)
                        .arg(startsMs)
                        .arg(endsMs)
                        .arg(maxPerUser)
                        .arg(paymentWindowSeconds)
                        .arg(version))
                .map(reply -> Loaded.valueOf(reply.toString()));
    }

    /** What {@link #update} found. */
    public enum Updated {
        UPDATED,
        /** This version or a newer one is there. */
        CURRENT,
        ABSENT,
        FENCED,
        STALE
    }

    /**
     * Brings the operator's settings into Redis; of two versions the newer wins, in whatever order they come.
     *
     * @param phase {@code selling}, {@code paused} or {@code ended}
     */
    public Future<Updated> update(
            SaleKeys keys,
            int epoch,
            int version,
            String phase,
            long startsMs,
            long endsMs,
            int maxPerUser,
            int stock) {
        return redis.send(call(Command.FCALL, "update", keys)
                        .arg(epoch)
                        .arg(version)
                        .arg(phase)
                        .arg(startsMs)
                        .arg(endsMs)
                        .arg(maxPerUser)
                        .arg(stock))
                .map(reply -> Updated.valueOf(reply.toString()));
    }

    /** An order that ended unpaid. */
    public interface Release {
        String userId();

        int attempt();
    }

    /** {@link #release}: no such order was ever accepted here. */
    public static final long NEVER_ACCEPTED = -1;

    /**
     * Gives back the units of orders that ended unpaid, those of each order once, however often it is asked.
     *
     * @return of each order the seq of the call that gave its units back, this one or an earlier one, 0 if that is no
     *     longer known, or {@link #NEVER_ACCEPTED}; fails if the sale is not on sale under this epoch, and nothing moved
     */
    public Future<List<Long>> release(SaleKeys keys, int epoch, List<? extends Release> orders) {
        Request call = call(Command.FCALL, "release", keys).arg(epoch);
        for (Release order : orders) {
            call.arg(order.userId()).arg(order.attempt());
        }
        return redis.send(call).compose(reply -> {
            String verdict = reply.get(0).toString();
            if (!verdict.equals("OK")) {
                return Future.failedFuture(
                        new IllegalStateException("sale " + keys.saleId() + " epoch " + epoch + ": " + verdict));
            }
            List<Long> seqs = new ArrayList<>(reply.size() - 1);
            for (int i = 1; i < reply.size(); i++) {
                seqs.add(reply.get(i).toLong());
            }
            return Future.succeededFuture(seqs);
        });
    }

    /** The entries of users, in their order; null for who has none. */
    public Future<List<BuyerEntry>> entries(SaleKeys keys, List<String> userIds) {
        Request call = call(Command.FCALL_RO, "entries", keys);
        userIds.forEach(call::arg);
        return redis.send(call).map(reply -> {
            List<BuyerEntry> entries = new ArrayList<>(reply.size());
            for (int i = 0; i < reply.size(); i++) {
                Response entry = reply.get(i);
                entries.add(entry == null ? null : BuyerEntry.parse(entry.toString()));
            }
            return entries;
        });
    }

    public Future<SaleStatus> status(SaleKeys keys) {
        return redis.send(call(Command.FCALL_RO, "status", keys)).map(SeckillFunctions::saleStatus);
    }

    /** Leases up to {@code limit} overdue lots to the caller for {@code leaseMs}. */
    public Future<List<Lot>> claim(SaleKeys keys, int leaseMs, int limit) {
        return redis.send(call(Command.FCALL, "claim", keys).arg(leaseMs).arg(limit))
                .map(reply -> {
                    List<Lot> lots = new ArrayList<>(reply.size());
                    for (Response payload : reply) {
                        lots.add(Lot.parse(keys.saleId(), payload.toString()));
                    }
                    return lots;
                });
    }

    /** Forgets lots that RabbitMQ confirmed. */
    public Future<Void> trim(SaleKeys keys, List<String> lots) {
        if (lots.isEmpty()) {
            return Future.succeededFuture();
        }
        Request call = call(Command.FCALL, "trim", keys);
        lots.forEach(call::arg);
        return redis.send(call).mapEmpty();
    }

    /** The user's entry, or null. */
    public Future<BuyerEntry> find(SaleKeys keys, String userId) {
        return redis.send(call(Command.FCALL_RO, "find", keys).arg(userId))
                .map(reply -> reply == null ? null : BuyerEntry.parse(reply.toString()));
    }

    /** One page of buyers. */
    public record Page(String nextCursor, List<String> users, List<BuyerEntry> entries) {
        public boolean last() {
            return nextCursor.equals("0");
        }
    }

    /** Pages through all buyers, from cursor {@code "0"}; a buyer may come twice, none that stays is left out. */
    public Future<Page> scan(SaleKeys keys, String cursor, int pageSize) {
        return redis.send(call(Command.FCALL_RO, "scan", keys).arg(cursor).arg(pageSize))
                .map(reply -> {
                    List<String> users = new ArrayList<>(reply.size() / 2);
                    List<BuyerEntry> entries = new ArrayList<>(reply.size() / 2);
                    for (int i = 1; i < reply.size(); i += 2) {
                        users.add(reply.get(i).toString());
                        entries.add(BuyerEntry.parse(reply.get(i + 1).toString()));
                    }
                    return new Page(reply.get(0).toString(), users, entries);
                });
    }

    /** Ids of all lots that no confirm trimmed. */
    public Future<List<String>> outbox(SaleKeys keys) {
        return redis.send(call(Command.FCALL_RO, "outbox", keys)).map(reply -> {
            List<String> lots = new ArrayList<>(reply.size());
            reply.forEach(lot -> lots.add(lot.toString()));
            return lots;
        });
    }

    /** The lot that was accepted first of those that no confirm trimmed, or none; one that is trimmed meanwhile is none. */
    public Future<Optional<Lot>> oldest(SaleKeys keys) {
        return outbox(keys)
                .compose(lots -> lots.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : redis.send(Request.cmd(Command.HGET)
                                        .arg(keys.lots())
                                        .arg(Collections.min(lots, Lot.IDS_BY_AGE)))
                                .map(payload -> Optional.ofNullable(payload)
                                        .map(text -> Lot.parse(keys.saleId(), text.toString()))));
    }

    /**
     * Takes a sale off sale for a rebuild: from the reply on nothing is reserved, until that rebuild or a newer one arms it.
     *
     * @param epoch of the rebuild
     * @return false if a newer rebuild was here
     */
    public Future<Boolean> fence(SaleKeys keys, int epoch) {
        return redis.send(call(Command.FCALL, "fence", keys).arg(epoch))
                .map(reply -> reply.toString().equals("FENCED"));
    }

    /** One page of lots that no confirm trimmed. */
    public record Survivors(String nextCursor, List<Lot> lots) {
        public boolean last() {
            return nextCursor.equals("0");
        }
    }

    /** Pages through what is left of the outbox, from cursor {@code "0"}; a lot may come twice. */
    public Future<Survivors> survivors(SaleKeys keys, String cursor, int pageSize) {
        return redis.send(call(Command.FCALL_RO, "survivors", keys).arg(cursor).arg(pageSize))
                .map(reply -> {
                    List<Lot> lots = new ArrayList<>(reply.size() - 1);
                    for (int i = 1; i < reply.size(); i++) {
                        lots.add(Lot.parse(keys.saleId(), reply.get(i).toString()));
                    }
                    return new Survivors(reply.get(0).toString(), lots);
                });
    }

    /**
     * A sale as the ledger has it, to be written anew.
     *
     * @param seq number from which the calls are counted on
     * @param releases more than 0 if any order ever ended
     */
    public record Ledgered(
            int version,
            String phase,
            long startsMs,
            long endsMs,
            int maxPerUser,
            int paymentWindowSeconds,
            int stock,
            int remaining,
            long seq,
            long releases) {}

    /**
     * Drops what is left of a sale and begins it anew, not armed.
     *
     * @return false if Redis does not know this rebuild any more: it was lost again, or a newer one came
     */
    public Future<Boolean> rebuild(SaleKeys keys, int epoch, Ledgered sale) {
        return redis.send(call(Command.FCALL, "rebuild", keys)
                        .arg(epoch)
                        .arg(sale.version())
                        .arg(sale.phase())
                        .arg(sale.startsMs())
                        .arg(sale.endsMs())
                        .arg(sale.maxPerUser())
                        .arg(sale.paymentWindowSeconds())
                        .arg(sale.stock())
                        .arg(sale.remaining())
                        .arg(sale.seq())
                        .arg(sale.releases()))
                .map(reply -> reply.toString().equals("REBUILT"));
    }

    /** {@link #restore}: Redis does not know this rebuild any more. */
    public static final int STALE = -1;

    /** A buyer's entry to be restored. */
    public record Holder(String userId, BuyerEntry entry) {}

    /**
     * Writes buyers, at most 1,000 in a call; of two entries of one user the later call's stays.
     *
     * @return how many users were new, or {@link #STALE}
     */
    public Future<Integer> restore(SaleKeys keys, int epoch, List<Holder> holders) {
        Request call = call(Command.FCALL, "restore", keys).arg(epoch);
        for (Holder holder : holders) {
            call.arg(holder.userId()).arg(holder.entry().text());
        }
        return redis.send(call).map(reply -> reply.type() == ResponseType.NUMBER ? reply.toInteger() : STALE);
    }

    /** What {@link #arm} found. */
    public enum Armed {
        ARMED,
        /** Lost again, or a newer rebuild came. */
        STALE,
        /** Not as many buyers are there as were written. */
        INCOMPLETE
    }

    /** The last step of a rebuild: from here the sale is on sale. */
    public Future<Armed> arm(SaleKeys keys, int epoch, int holders) {
        return redis.send(call(Command.FCALL, "arm", keys).arg(epoch).arg(holders))
                .map(reply -> Armed.valueOf(reply.toString()));
    }

    /**
     * Lets this version of the functions sell what another version that is installed sells: while services are upgraded, so
     * that no sale has to be rebuilt for it. Any process may ask, and more than once.
     *
     * @return whether it sells now; false where no other version does either
     */
    public Future<Boolean> adopt(SaleKeys keys) {
        return library.others(redis::send).compose(others -> adopt(keys, others.iterator()));
    }

    private Future<Boolean> adopt(SaleKeys keys, Iterator<FunctionLibrary> others) {
        if (!others.hasNext()) {
            return Future.succeededFuture(false);
        }
        FunctionLibrary other = others.next();
        String voucher = UUID.randomUUID().toString();
        return redis.transaction(List.of(
                        call(other, Command.FCALL, "vouch", keys).arg(voucher),
                        call(Command.FCALL, "adopt", keys).arg(voucher)))
                .compose(replies -> "ADOPTED".equals(replies.get(1).toString())
                        ? Future.succeededFuture(true)
                        : adopt(keys, others));
    }

    private Request call(Command command, String function, SaleKeys keys) {
        return call(library, command, function, keys);
    }

    private static Request call(FunctionLibrary library, Command command, String function, SaleKeys keys) {
        return Request.cmd(command)
                .arg(library.function(function))
                .arg(4)
                .arg(keys.sale())
                .arg(keys.buyers())
                .arg(keys.outbox())
                .arg(keys.lots());
    }

    private static ReserveReply reserveReply(Response reply) {
        switch (reply.get(0).toString()) {
            case "OK":
                break;
            case "STALE":
                return ReserveReply.Closed.STALE;
            default:
                return ReserveReply.Closed.FENCED;
        }
        List<ReserveOutcome> outcomes = new ArrayList<>(reply.size() - 6);
        for (int i = 6; i < reply.size(); i++) {
            outcomes.add(outcome(reply.get(i)));
        }
        return new ReserveReply.Decided(
                reply.get(1).toLong(),
                reply.get(2).toInteger(),
                reply.get(3).toInteger(),
                reply.get(4).toLong(),
                reply.get(5).toInteger(),
                outcomes);
    }

    private static ReserveOutcome outcome(Response result) {
        if (result.type() != ResponseType.NUMBER) {
            return BuyerEntry.held(result.toString());
        }
        int code = result.toInteger();
        return code > 0 ? new ReserveOutcome.Accepted(code) : ReserveOutcome.Refused.of(code);
    }

    private static SaleStatus saleStatus(Response reply) {
        long now = reply.get(0).toLong();
        if (reply.size() == 1) {
            return SaleStatus.absent(now);
        }
        return new SaleStatus(
                now,
                true,
                reply.get(1).toInteger() == 1,
                reply.get(2).toInteger(),
                reply.get(3).toString(),
                reply.get(4).toInteger(),
                reply.get(5).toLong(),
                reply.get(6).toInteger(),
                reply.get(7).toInteger(),
                reply.get(8).toInteger(),
                reply.get(9).toInteger(),
                reply.get(10).toLong());
    }
}
