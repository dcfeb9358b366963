package io.amphio.interop;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import org.jspecify.annotations.NullMarked;

/** Which way the dependencies point; it is here because interop is the one module that sees all the libraries. */
@AnalyzeClasses(packages = "io.amphio", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String BLOCKING = "io.amphio.blocking..";
    private static final String EVENTED = "io.amphio.evented..";
    private static final String INTEROP = "io.amphio.interop..";
    private static final DescribedPredicate<JavaClass> API =
            resideInAnyPackage("io.amphio..").and(resideOutsideOfPackages(BLOCKING, EVENTED, INTEROP));

    private static final String FACADE = "io.amphio.evented";
    private static final String TASK = "io.amphio.evented.task..";
    private static final String CORO = "io.amphio.evented.coro..";
    private static final String LOOP = "io.amphio.evented.loop..";
    private static final String BACKEND = "io.amphio.evented.backend..";
    private static final String DNS = "io.amphio.evented.dns..";
    private static final String FFI = "io.amphio.evented.ffi..";

    @ArchTest
    static final ArchRule the_api_knows_no_implementation =
            noClasses().that(are(API)).should().dependOnClassesThat().resideInAnyPackage(BLOCKING, EVENTED, INTEROP);

    @ArchTest
    static final ArchRule blocking_knows_only_the_api = noClasses()
            .that()
            .resideInAPackage(BLOCKING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EVENTED, INTEROP);

    @ArchTest
    static final ArchRule evented_knows_only_the_api = noClasses()
            .that()
            .resideInAPackage(EVENTED)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BLOCKING, INTEROP);

    @ArchTest
    static final ArchRule tasks_do_not_know_the_facade = noClasses()
            .that()
            .resideInAPackage(TASK)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(FACADE);

    @ArchTest
    static final ArchRule loops_do_not_know_tasks = noClasses()
            .that()
            .resideInAPackage(LOOP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FACADE, TASK);

    @ArchTest
    static final ArchRule backends_do_not_know_loops = noClasses()
            .that()
            .resideInAPackage(BACKEND)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FACADE, TASK, CORO, LOOP);

    @ArchTest
    static final ArchRule the_c_library_is_below_all = noClasses()
            .that()
            .resideInAPackage(FFI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FACADE, TASK, LOOP, BACKEND, CORO);

    // But for ffi, below all of them, by which they may open java.lang.
    @ArchTest
    static final ArchRule coroutines_stand_alone = noClasses()
            .that()
            .resideInAPackage(CORO)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FACADE, TASK, LOOP, BACKEND);

    @ArchTest
    static final ArchRule a_loop_thread_never_sleeps = noClasses()
            .that()
            .resideInAnyPackage(TASK, LOOP, BACKEND)
            .should()
            .callMethodWhere(target(owner(name("java.lang.Thread"))).and(target(name("sleep"))));

    @ArchTest
    static final ArchRule only_ffi_and_the_neighbours_in_c_see_jna = noClasses()
            .that(resideOutsideOfPackages(
                    FFI,
                    "io.amphio.interop.clib..",
                    "io.amphio.interop.hiredis..",
                    "io.amphio.interop.libpq..",
                    "io.amphio.interop.cares.."))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule only_dns_sees_dnsjava = noClasses()
            .that()
            .resideOutsideOfPackage(DNS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.xbill..");

    @ArchTest
    static final ArchRule names_are_looked_up_by_an_io_and_nothing_below_it = noClasses()
            .that()
            .resideInAPackage(DNS)
            .should()
            .dependOnClassesThat(resideInAPackage(EVENTED).and(resideOutsideOfPackages(DNS)));

    /** So whoever goes without a neighbour needs none of its classes. */
    @ArchTest
    static final ArchRule each_optional_neighbour_is_seen_by_one_package = CompositeArchRule.of(
                    onlySeenBy("io.amphio.interop.metrics", "io.micrometer.."))
            .and(onlySeenBy("io.amphio.interop.junit", "org.junit.."))
            .and(onlySeenBy("io.amphio.interop.jdbc", "java.sql..", "javax.sql.."))
            .and(noClasses()
                    .that()
                    .resideInAPackage("io.amphio.interop..")
                    .and()
                    .doNotHaveFullyQualifiedName("io.amphio.interop.context.Mdc")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.slf4j.."));

    private static ArchRule onlySeenBy(String ours, String... neighbour) {
        return noClasses()
                .that()
                .resideInAPackage("io.amphio.interop..")
                .and()
                .resideOutsideOfPackage(ours)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(neighbour);
    }

    // Without the package io.amphio itself: Io names a Net, and the methods of a Net take an Io.
    @ArchTest
    static final ArchRule packages_form_no_cycle =
            slices().matching("io.amphio.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule a_package_is_named_after_what_it_holds =
            noClasses().should().resideInAnyPackage("..util..", "..impl..", "..common..");

    @ArchTest
    static final ArchRule every_package_is_null_marked = classes()
            .should(ArchCondition.from(describe(
                    "be in a @NullMarked package", type -> type.getPackage().isAnnotatedWith(NullMarked.class))));
}
