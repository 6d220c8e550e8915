"""Static files in production: hashed names, compressed, cached for ever."""

from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesConfig(DjangoStaticFilesConfig):
    """`django.contrib.staticfiles`, collecting less: nobody asks for sources, their maps, or the second viewer."""

    ignore_patterns = [
        *DjangoStaticFilesConfig.ignore_patterns,
        *("*.map", "*.d.mts", "scss", "theme", "redoc"),
        # Of what comes minified, only that; and no scripts of documents are run.
        *("pdf.mjs", "pdf.worker.mjs", "pdf.sandbox*", "browser-test-bundle.js", "tus.js"),
    ]


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """As WhiteNoise's, but a `sourceMappingURL` comment stays as it is.

    The maps are not collected, and the manifest would refuse a whole file for one that it cannot find.
    """

    patterns = tuple(
        (
            extension,
            tuple(
                pattern
                for pattern in patterns
                if "sourceMappingURL" not in (pattern if isinstance(pattern, str) else pattern[0])
            ),
        )
        for extension, patterns in CompressedManifestStaticFilesStorage.patterns
    )
