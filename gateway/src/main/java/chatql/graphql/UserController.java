package chatql.graphql;

import chatql.graphql.Payloads.CreatedUser;
import chatql.graphql.Payloads.Users;
import chatql.limit.WriteRateLimit;
import chatql.user.Caller;
import chatql.user.ClaimResult;
import chatql.user.UserDirectory;
import chatql.user.UserDirectoryUnavailable;
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
    private final UserDirectory userDirectory;
    private final WriteRateLimit writeRateLimit;

    UserController(UserDirectory userDirectory, WriteRateLimit writeRateLimit) {
        this.userDirectory = userDirectory;
        this.writeRateLimit = writeRateLimit;
    }

    @QueryMapping
    String hello() {
        return "Hello from Chatql";
    }

    @QueryMapping
    Mono<String> userId(@Argument String username) {
        if (Username.violation(username) != null) {
            return Mono.empty();
        }
        return userDirectory
                .find(new Username(username))
                .map(user -> user.userId().value());
    }

    @QueryMapping
    Mono<Users> users(@Arguments UsersArguments arguments) {
        List<String> faults = arguments.faults();
        if (!faults.isEmpty()) {
            return Mono.just(Users.failed(faults));
        }
        return userDirectory
                .search(arguments.userSearch())
                .map(page -> Users.of(page, arguments.after() != null))
                .onErrorResume(
                        UserDirectoryUnavailable.class, failure -> Mono.just(Users.failed(List.of(text(failure)))));
    }

    @MutationMapping
    Mono<CreatedUser> createUser(@Argument String username) {
        String fault = UsernameProfile.violation(username);
        if (fault != null) {
            return Mono.just(CreatedUser.failed("username " + fault));
        }
        Username name = UsernameProfile.prepared(username);
        return Caller.current()
                .flatMap(caller -> writeRateLimit.allowed(caller.id(), userDirectory.claimResult(name, caller.id())))
                .map(UserController::result)
                .onErrorResume(UserDirectoryUnavailable.class, failure -> Mono.just(CreatedUser.failed(text(failure))));
    }

    private static CreatedUser result(ClaimResult claimResult) {
        return switch (claimResult) {
            case ClaimResult.Won(var user) -> CreatedUser.of(user);
            case ClaimResult.Taken() -> CreatedUser.failed("Username is taken");
        };
    }

    private static String text(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }
}
