package io.seckill.loadtest.simulation;

import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Leads the few calls that reach outside to static methods of {@code world.Surroundings} of the same name; the receiver of a
 * method that is not static becomes the first argument. Maps and sets whose order depends on addresses in memory become
 * ones with an order, or no seed could be replayed. Nothing else is changed.
 */
final class CallRewriter extends ClassVisitor {
    private static final String TO = "io/seckill/loadtest/simulation/world/Surroundings";
    private static final String VERTX = "io/vertx/";

    private static final Map<String, Set<String>> CALLS = Map.ofEntries(
            Map.entry("java/lang/System", Set.of("nanoTime", "currentTimeMillis")),
            Map.entry("java/util/concurrent/ThreadLocalRandom", Set.of("nextInt", "nextLong", "nextDouble")),
            Map.entry("java/security/SecureRandom", Set.of("nextLong", "nextInt")),
            Map.entry("java/util/UUID", Set.of("randomUUID")),
            Map.entry("java/util/stream/Collectors", Set.of("groupingBy", "toSet", "toMap")),
            Map.entry("org/slf4j/LoggerFactory", Set.of("getLogger")),
            Map.entry(VERTX + "core/Future", Set.of("timeout")),
            Map.entry(VERTX + "redis/client/Redis", Set.of("createClient")),
            Map.entry(VERTX + "rabbitmq/RabbitMQClient", Set.of("create")),
            Map.entry(VERTX + "mysqlclient/MySQLConnection", Set.of("connect")),
            Map.entry(VERTX + "ext/web/Router", Set.of("router")),
            Map.entry(VERTX + "ext/web/handler/BodyHandler", Set.of("create")),
            Map.entry("io/micrometer/core/instrument/binder/jvm/JvmMemoryMetrics", Set.of("bindTo")),
            Map.entry("io/micrometer/core/instrument/binder/jvm/JvmGcMetrics", Set.of("bindTo")),
            // Who a shopper is, and how a pool is built, is not what is simulated.
            Map.entry("io/seckill/gateway/http/TokenVerifier", Set.of("verify")),
            Map.entry("io/seckill/gateway/Connections", Set.of("mysql")),
            // Of which build a process is.
            Map.entry("io/seckill/schema/redis/FunctionLibrary", Set.of("shipped")),
            Map.entry("io/seckill/schema/fault/CrashPoint", Set.of("reach")));

    private static final Map<String, String> ORDERED = Map.of(
            "java/util/HashMap", "java/util/LinkedHashMap",
            "java/util/HashSet", "java/util/LinkedHashSet");

    private String superName;

    private CallRewriter(ClassVisitor next) {
        super(Opcodes.ASM9, next);
    }

    static byte[] rewrite(byte[] code) {
        ClassReader reader = new ClassReader(code);
        if (reader.getClassName().equals(TO)) {
            return code;
        }
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new CallRewriter(writer), 0);
        return writer.toByteArray();
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superClass, String[] interfaces) {
        superName = superClass;
        super.visit(version, access, name, signature, superClass, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        return new Calls(super.visitMethod(access, name, descriptor, signature, exceptions));
    }

    private static boolean leadsOutside(String owner, String name) {
        return CALLS.getOrDefault(owner, Set.of()).contains(name);
    }

    private static String withReceiver(String owner, String descriptor) {
        return "(L" + owner + ';' + descriptor.substring(1);
    }

    private final class Calls extends MethodVisitor {
        Calls(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
            if (leadsOutside(owner, name)) {
                boolean isStatic = opcode == Opcodes.INVOKESTATIC;
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, TO, name, isStatic ? descriptor : withReceiver(owner, descriptor), false);
            } else if (opcode == Opcodes.INVOKESPECIAL && name.equals("<init>") && !owner.equals(superName)) {
                super.visitMethodInsn(opcode, ORDERED.getOrDefault(owner, owner), name, descriptor, ofInterface);
            } else {
                super.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
            }
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            super.visitTypeInsn(opcode, opcode == Opcodes.NEW ? ORDERED.getOrDefault(type, type) : type);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            Object[] led = new Object[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                led[i] = arguments[i] instanceof Handle handle ? lead(handle) : arguments[i];
            }
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, led);
        }

        private Handle lead(Handle handle) {
            if (leadsOutside(handle.getOwner(), handle.getName())) {
                boolean isStatic = handle.getTag() == Opcodes.H_INVOKESTATIC;
                String descriptor = isStatic ? handle.getDesc() : withReceiver(handle.getOwner(), handle.getDesc());
                return new Handle(Opcodes.H_INVOKESTATIC, TO, handle.getName(), descriptor, false);
            }
            String ordered = ORDERED.get(handle.getOwner());
            return handle.getTag() == Opcodes.H_NEWINVOKESPECIAL && ordered != null
                    ? new Handle(handle.getTag(), ordered, handle.getName(), handle.getDesc(), false)
                    : handle;
        }
    }
}
