#!/bin/sh
# remit-guard-exec: for AWS_LAMBDA_EXEC_WRAPPER. Redirects the handler to the guard, then starts the runtime.
#   in a layer:         AWS_LAMBDA_EXEC_WRAPPER=/opt/python/remit_guard/platforms/exec_wrapper.sh
#   inside the package: AWS_LAMBDA_EXEC_WRAPPER=/var/task/remit_guard/platforms/exec_wrapper.sh
if [ -n "$_HANDLER" ] && [ "$_HANDLER" != remit_guard.platforms.aws.handler ]; then
    export REMIT_HANDLER="$_HANDLER"
    export _HANDLER=remit_guard.platforms.aws.handler
fi
exec "$@"
