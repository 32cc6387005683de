package chatql.graphql;

import chatql.graphql.Results.CreatedUser;
import chatql.graphql.Results.Users;
import chatql.limit.Writes;
import chatql.user.Caller;
import chatql.user.Claim;
import chatql.user.Directory;
import chatql.user.DirectoryUnavailable;
import chatql.user.Username;
import chatql.user.UsernameProfile;
import java.util.List;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.Arguments;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

@Controller
class UserController {
    private final Directory directory;
    private final Writes writes;

    UserController(Directory directory, Writes writes) {
        this.directory = directory;
        this.writes = writes;
    }

    @QueryMapping
    String hello() {
        return "Hello from Chatql";
    }

    @QueryMapping
    Mono<String> userId(@Argument String username) {
        if (Username.fault(username) != null) {
            return Mono.empty();
        }
        return directory.find(new Username(username)).map(user -> user.userId().value());
    }

    @QueryMapping
    Mono<Users> users(@Arguments SearchArguments asked) {
        List<String> faults = asked.faults();
        if (!faults.isEmpty()) {
            return Mono.just(Users.failed(faults));
        }
        return directory
                .search(asked.search())
                .map(page -> Users.of(page, asked.after() != null))
                .onErrorResume(DirectoryUnavailable.class, failure -> Mono.just(Users.failed(List.of(text(failure)))));
    }

    @MutationMapping
    Mono<CreatedUser> createUser(@Argument String username) {
        String fault = UsernameProfile.fault(username);
        if (fault != null) {
            return Mono.just(CreatedUser.failed("username " + fault));
        }
        Username name = UsernameProfile.prepared(username);
        return Caller.current()
                .flatMap(caller -> writes.allowed(caller.id(), directory.claim(name, caller.id())))
                .map(UserController::result)
                .onErrorResume(DirectoryUnavailable.class, failure -> Mono.just(CreatedUser.failed(text(failure))));
    }

    private static CreatedUser result(Claim claim) {
        return switch (claim) {
            case Claim.Won(var user) -> CreatedUser.of(user);
            case Claim.Taken() -> CreatedUser.failed("Username is taken");
        };
    }

    private static String text(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }
}
