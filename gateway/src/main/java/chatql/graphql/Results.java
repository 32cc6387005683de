package chatql.graphql;

import chatql.message.Message;
import chatql.user.User;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The schema's answers of the form result, success, errors. */
final class Results {
    private Results() {}

    record UserView(String username, String userId) {
        static UserView of(User user) {
            return new UserView(user.username().value(), user.userId().value());
        }
    }

    record CreatedUser(
            @Nullable UserView user,
            boolean success,
            @Nullable List<String> errors) {
        static CreatedUser of(User user) {
            return new CreatedUser(UserView.of(user), true, null);
        }

        static CreatedUser failed(String error) {
            return new CreatedUser(null, false, List.of(error));
        }
    }

    record CreatedMessage(
            @Nullable MessageView message,
            boolean success,
            @Nullable List<String> errors) {
        static CreatedMessage of(Message message) {
            return new CreatedMessage(MessageView.of(message), true, null);
        }

        static CreatedMessage failed(List<String> errors) {
            return new CreatedMessage(null, false, errors);
        }
    }

    record Messages(
            @Nullable List<MessageView> messages,
            boolean success,
            @Nullable List<String> errors) {
        static Messages of(List<Message> messages) {
            return new Messages(messages.stream().map(MessageView::of).toList(), true, null);
        }

        static Messages failed(String error) {
            return new Messages(null, false, List.of(error));
        }
    }
}
