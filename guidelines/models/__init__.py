from guidelines.models.catalog import GuidelineEdition, GuidelineSection, GuidelineSource

__all__ = ["GuidelineEdition", "GuidelineSection", "GuidelineSource"]
